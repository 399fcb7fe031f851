import { parseArgs } from 'node:util';
import { measureLookUps, type LookUp } from './prompts/cost.ts';
import { measureRecognition, type Recognition } from './prompts/recognition.ts';

const usage = `npm run bench:prompts -- [--seeds 3] [--json]

How well prompts are recognised that differ from request to request, and what that costs. Takes about a minute.
Exits with 1 where a request was taken for another agent's.

  --seeds N   streams of requests for each order in which agents take turns (3)
  --json      print everything as JSON
  --help      print this`;

function readOptions(): { readonly seeds: number; readonly isJson: boolean } {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const seeds = Number(values.seeds);
  if (values.help || !Number.isInteger(seeds) || seeds < 1) {
    print(usage);
    process.exit(values.help ? 0 : 2);
  }
  return { seeds, isJson: values.json };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function tellRecognition(rows: readonly Recognition[]): void {
  print(
    'order                 requests   taken for another agent   one task an agent   served from the 20th on',
  );
  for (const { order, requests, wrong, single, decidable, served } of rows)
    print(
      [
        order.padEnd(20),
        String(requests).padStart(9),
        String(wrong).padStart(25),
        `${single} of ${decidable}`.padStart(19),
        `${(100 * served).toFixed(1)} %`.padStart(25),
      ].join(' '),
    );
}

function tellLookUps(rows: readonly LookUp[]): void {
  print('\nprompt                                       tasks      p50 µs      p99 µs      max µs');
  for (const { name, tasks, p50, p99, max } of rows)
    print(
      [
        name.padEnd(42),
        tasks.toLocaleString('en').padStart(7),
        ...[p50, p99, max].map((micros) => micros.toFixed(1).padStart(11)),
      ].join(' '),
    );
  const [one, many] = ['known', 'known template, new values'].map((name) => {
    const [few, lots] = rows.filter((row) => row.name === name);
    return few === undefined || lots === undefined ? Number.NaN : lots.p50 / few.p50;
  });
  print(
    `\nMedian with 10,000 tasks against one: ${one?.toFixed(2)} × for a known prompt, ${many?.toFixed(2)} × for new values.`,
  );
}

const { seeds, isJson } = readOptions();
const recognition = measureRecognition(Array.from({ length: seeds }, (_, index) => index + 1));
if (!isJson) tellRecognition(recognition);
const lookUps = measureLookUps();
if (isJson) print(JSON.stringify({ recognition, lookUps }, null, 2));
else tellLookUps(lookUps);
process.exitCode = recognition.some(({ wrong }) => wrong > 0) ? 1 : 0;

import { parseArgs } from 'node:util';
import type { Figure, Section } from './figure.ts';
import { attack } from './sections/attack.ts';
import { attribution } from './sections/attribution.ts';
import { conditions } from './sections/conditions.ts';
import { equivalence } from './sections/equivalence.ts';
import { judgeBias } from './sections/judge-bias.ts';
import { lifetime } from './sections/lifetime.ts';
import { power } from './sections/power.ts';
import { typeOne } from './sections/type-one.ts';
import { watching } from './sections/watching.ts';

const sections: readonly Section[] = [
  typeOne,
  power,
  lifetime,
  conditions,
  equivalence,
  judgeBias,
  watching,
  attribution,
  attack,
];

/** Share of the runs that `--quick` makes. */
const quickScale = 0.1;

const usage = `npm run bench:gate -- [--quick] [--only NAME,NAME] [--seed 1] [--json]

Simulates the gate by its own code and prints every figure beside its promise. A figure breaks its promise only where
luck would do that less than once in a million. Exits with 1 where one is broken.

  --quick   a tenth of the runs
  --only    these parts:
${sections.map(({ name, summary }) => `              ${name.padEnd(12)} ${summary}`).join('\n')}
  --seed    whole number that fixes every draw; default 1
  --json    one JSON object instead of the table`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const seed = Number(values.seed);
const wanted = values.only?.split(',') ?? sections.map(({ name }) => name);
const unknown = wanted.filter((name) => !sections.some((section) => section.name === name));

if (values.help) print(usage);
else if (unknown.length > 0 || !Number.isSafeInteger(seed)) {
  process.stderr.write(
    `${unknown.length > 0 ? `unknown: ${unknown.join(', ')}` : '--seed: a whole number'}\n\n${usage}\n`,
  );
  process.exitCode = 2;
} else run();

function run(): void {
  const figures: Figure[] = [];
  const startedMs = performance.now();
  for (const { name, run: runSection } of sections.filter((section) => wanted.includes(section.name))) {
    const found = runSection({ seed, scale: values.quick ? quickScale : 1 });
    figures.push(...found);
    if (values.json) continue;
    print(`\n${name}`);
    for (const figure of found) print(lineOf(figure));
  }
  const broken = figures.filter(({ isKept }) => isKept === false);
  const promises = figures.filter(({ isKept }) => isKept !== null);
  if (values.json) print(JSON.stringify({ seed, isQuick: values.quick, figures }));
  else
    print(
      `\n${promises.length - broken.length} of ${promises.length} promises kept, seed ${seed}, ${((performance.now() - startedMs) / 1000).toFixed(0)} s`,
    );
  if (broken.length > 0) process.exitCode = 1;
}

function lineOf({ label, measured, promise, isKept }: Figure): string {
  const mark = isKept === null ? ' ' : isKept ? '✓' : '✗';
  return `  ${mark} ${label.padEnd(72)} ${measured.padEnd(34)} ${promise}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

import { parseArgs } from 'node:util';
import { contenders } from './contender.ts';

/** Parts of the bench. */
export const parts = ['worlds', 'family', 'pairs'] as const;
export type Part = (typeof parts)[number];

/** What a run of the bench is asked for. */
export interface Options {
  readonly parts: readonly Part[];
  readonly contenders: readonly string[];
  /** Folder of world files; `undefined`: our own. */
  readonly worlds: string | undefined;
  readonly seeds: readonly number[];
  /** Live requests of one run, at most. */
  readonly requests: number;
  /** Worlds of the family that each world learns from, one at a time. */
  readonly sources: number;
  /** Worlds of the family. */
  readonly familySize: number;
  readonly isJson: boolean;
  readonly isWritten: boolean;
}

/** What `--help` prints. */
export const usage: string = `npm run bench:learner -- [options]

Runs the learner on worlds and follows the true value of the prompt that serves over the model calls that were made for
learning (optimizer, shadow evaluation and judge), up to each world's first shift.

  --only PARTS      comma-separated:
                      worlds   each optimizer alone and the full learner, on each world
                      family   the full learner cold, and knowing eleven related worlds, beside opro
                      pairs    what one related world brings another
  --worlds FOLDER   world files (those of this repository)
  --with NAMES      only these contenders: ${contenders.join('; ')}
                    (separated by semicolons)
  --seeds N         runs of each kind (10)
  --from N          the first seed (11: the learner was tuned on seed 1)
  --requests N      live requests of one run, at most (14000)
  --quick           a few minutes: 1 seed, 8000 requests, 4 related worlds
  --json            everything that was measured as JSON
  --write           write docs/learner/*.svg and the tables of docs/learner.md
  --help            print this`;

/** Reads the command line. Throws a TypeError that says what is wrong with it; `undefined`: help is wanted. */
export function readOptions(parameters: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      only: { type: 'string' },
      worlds: { type: 'string' },
      with: { type: 'string' },
      seeds: { type: 'string' },
      from: { type: 'string' },
      requests: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const isQuick = values.quick;
  const seeds = wholeNumber('seeds', values.seeds, isQuick ? 1 : 10);
  const from = wholeNumber('from', values.from, 11);
  return {
    parts: values.only === undefined ? parts : values.only.split(',').map(partOf),
    contenders: values.with === undefined ? contenders : values.with.split(';').map(contenderOf),
    worlds: values.worlds,
    seeds: Array.from({ length: seeds }, (_, index) => from + index),
    requests: wholeNumber('requests', values.requests, isQuick ? 8_000 : 14_000),
    sources: isQuick ? 1 : 3,
    familySize: isQuick ? 4 : 12,
    isJson: values.json,
    isWritten: values.write,
  };
}

function partOf(name: string): Part {
  const found = parts.find((part) => part === name);
  if (found !== undefined) return found;
  throw new TypeError(`--only: there is no part ${name}; there are ${parts.join(', ')}`);
}

function contenderOf(name: string): string {
  if (contenders.includes(name.trim())) return name.trim();
  throw new TypeError(`--with: there is no contender ${name}; there are ${contenders.join('; ')}`);
}

function wholeNumber(option: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new TypeError(`--${option}: ${text} is no whole number above 0`);
}

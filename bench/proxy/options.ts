import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { caseNames, isCaseName, type CaseName } from './cases/case-names.ts';
import { contenderNames, type ContenderName } from './contenders/contender.ts';

/** What a run of the bench is asked for. */
export interface Options {
  readonly cases: readonly CaseName[];
  /** How often each comparison is repeated. */
  readonly rounds: number;
  /** Length of one load, whole seconds. */
  readonly seconds: number;
  /** Requests of the test that memory stays flat. */
  readonly requests: number;
  /** Fewer points on curves. */
  readonly isQuick: boolean;
  /** Contenders to measure; the others are left out. */
  readonly contenders: readonly ContenderName[];
  /** Folder of another checkout to compare with. */
  readonly against: string | undefined;
  /** Folder for CPU profiles of every Ratchet, one file per thread. */
  readonly profile: string | undefined;
  readonly isJson: boolean;
  readonly isCheck: boolean;
  readonly isWritten: boolean;
}

/** What `--help` prints. */
export const usage: string = `npm run bench:proxy -- [options]

Measures Ratchet against a bare node:http to undici pass-through, @portkey-ai/gateway and nginx, all in one run, round by
round in turn, the proxy on one core and load and upstream on another. Takes about half an hour; two cores should be idle.

  --only CASES      comma-separated: ${caseNames.join(', ')}
  --quick           about two minutes: short rounds, fewer points
  --rounds N        how often each comparison is repeated (5)
  --seconds N       length of one load (4)
  --requests N      requests of the test that memory stays flat (300000; the target speaks of 1000000)
  --with NAMES      only these contenders: ${contenderNames.join(', ')}
  --against FOLDER  compare with another checkout too, in the cases of CPU
  --profile FOLDER  write a CPU profile of each thread of each Ratchet; its figures are worthless then
  --json            print everything that was measured as JSON
  --write           write docs/performance/data.json, the charts and the tables of docs/performance.md
  --check           exit with 1 where a target is missed
  --help            print this

Uses wrk, nginx and taskset where they are on the path, and does without where they are not.`;

/** Reads the command line. Throws a TypeError that says what is wrong with it; `undefined`: help is wanted. */
export function readOptions(parameters: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      requests: { type: 'string' },
      with: { type: 'string' },
      against: { type: 'string' },
      profile: { type: 'string' },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const isQuick = values.quick;
  return {
    cases: values.only === undefined ? caseNames : values.only.split(',').map(caseOf),
    rounds: wholeNumber('rounds', values.rounds, isQuick ? 2 : 5),
    seconds: wholeNumber('seconds', values.seconds, isQuick ? 1 : 4),
    requests: wholeNumber('requests', values.requests, isQuick ? 30_000 : 300_000),
    isQuick,
    contenders: values.with === undefined ? contenderNames : values.with.split(',').map(contenderOf),
    against: values.against === undefined ? undefined : resolve(values.against),
    profile: values.profile === undefined ? undefined : resolve(values.profile),
    isJson: values.json,
    isCheck: values.check,
    isWritten: values.write,
  };
}

function caseOf(name: string): CaseName {
  if (isCaseName(name)) return name;
  throw new TypeError(`--only: there is no case ${name}; there are ${caseNames.join(', ')}`);
}

function contenderOf(text: string): ContenderName {
  const found = contenderNames.find((name) => name === text);
  if (found !== undefined) return found;
  throw new TypeError(`--with: there is no contender ${text}; there are ${contenderNames.join(', ')}`);
}

function wholeNumber(option: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new TypeError(`--${option}: ${text} is no whole number above 0`);
}

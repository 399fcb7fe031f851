import { compare, valuesOf, type Series, type SeriesName } from '../results.ts';
import { slopeOf, spreadOf, type Spread } from '../../statistics.ts';

/** A figure that Ratchet is to reach. */
export interface Target {
  readonly what: string;
  readonly bound: number;
  readonly isUpper: boolean;
  /** Written behind the figures. */
  readonly unit: string;
  /** What was measured; `undefined` where the case was left out. */
  readonly measured: (all: readonly Series[]) => Spread | undefined;
}

/** A target with what was measured. */
export interface JudgedTarget extends Omit<Target, 'measured'> {
  readonly measured: Spread;
  /** By the median. */
  readonly isMet: boolean;
}

const atMost = { isUpper: true } as const;
const atLeast = { isUpper: false } as const;

/** All targets, in the order in which they are printed. */
const targets: readonly Target[] = [
  {
    what: 'CPU per request, small, against the bare pass-through',
    ...atMost,
    bound: 1.5,
    unit: '×',
    measured: ratio('small', 'cpuMicros', 'ratchet', 'bare'),
  },
  {
    what: 'the same with every request traced',
    ...atMost,
    bound: 2.2,
    unit: '×',
    measured: ratio('small', 'cpuMicros', 'ratchet-traced', 'bare'),
  },
  {
    what: 'CPU per request, large, against the bare pass-through',
    ...atMost,
    bound: 1.9,
    unit: '×',
    measured: ratio('large', 'cpuMicros', 'ratchet', 'bare'),
  },
  {
    what: 'throughput, small, against the peer',
    ...atLeast,
    bound: 8,
    unit: '×',
    measured: ratio('small', 'perSecond', 'ratchet', 'peer'),
  },
  {
    what: 'throughput, large, against the peer',
    ...atLeast,
    bound: 7,
    unit: '×',
    measured: ratio('large', 'perSecond', 'ratchet', 'peer'),
  },
  {
    what: 'throughput, streamed, against the peer',
    ...atLeast,
    bound: 15,
    unit: '×',
    measured: ratio('streamed', 'perSecond', 'ratchet', 'peer'),
  },
  {
    what: 'p50 at 1,000 requests/s, added to the bare pass-through',
    ...atMost,
    bound: 0.2,
    unit: ' ms',
    measured: difference('latency', 'p50Ms', 'ratchet', 'bare'),
  },
  {
    what: 'p99 at 1,000 requests/s, added to the bare pass-through',
    ...atMost,
    bound: 1,
    unit: ' ms',
    measured: difference('latency', 'p99Ms', 'ratchet', 'bare'),
  },
  {
    what: 'time to the first streamed byte, added to the bare pass-through',
    ...atMost,
    bound: 0.3,
    unit: ' ms',
    measured: difference('first-byte', 'firstByteP50Ms', 'ratchet', 'bare'),
  },
  {
    what: 'CPU per streamed chunk against the bare pass-through',
    ...atMost,
    bound: 1.15,
    unit: '×',
    measured: ratio('chunks', 'chunkMicros', 'ratchet', 'bare'),
  },
  {
    what: 'resident memory at rest against the bare pass-through',
    ...atMost,
    bound: 1.5,
    unit: '×',
    measured: ratio('memory', 'restMb', 'ratchet', 'bare'),
  },
  {
    what: 'memory per open stream, of 1,000',
    ...atMost,
    bound: 60,
    unit: ' KB',
    measured: (all) => plain(all, { case: 'memory', contender: 'ratchet', measure: 'perStreamKb' }),
  },
  {
    what: 'growth of memory per 100,000 requests, after the first third',
    ...atMost,
    bound: 1,
    unit: ' %',
    measured: memoryGrowth,
  },
  {
    what: 'a request with 1,000 arms against one with 2',
    ...atMost,
    bound: 1.15,
    unit: '×',
    measured: growth('growth-arms'),
  },
  {
    what: 'a request with 10,000 named tasks against one with 1',
    ...atMost,
    bound: 1.15,
    unit: '×',
    measured: growth('growth-tasks-named'),
  },
  {
    what: 'a request with 10,000 recognised tasks against one with 1',
    ...atMost,
    bound: 1.15,
    unit: '×',
    measured: growth('growth-tasks-automatic'),
  },
  {
    what: 'a request with 10,000 tasks and 1,000 arms against one with 1 and 2',
    ...atMost,
    bound: 1.15,
    unit: '×',
    measured: growth('growth-both'),
  },
  {
    what: 'p99 of users while learner and gate are busy, added',
    ...atMost,
    bound: 2,
    unit: ' ms',
    measured: difference('busy', 'p99Ms', 'ratchet-busy', 'ratchet-full'),
  },
];

/** Judges every target that was measured. */
export function judgeTargets(all: readonly Series[]): readonly JudgedTarget[] {
  return targets.flatMap((target) => {
    const measured = target.measured(all);
    if (measured === undefined) return [];
    const isMet = target.isUpper ? measured.median <= target.bound : measured.median >= target.bound;
    return [{ ...target, measured, isMet }];
  });
}

function ratio(name: string, measure: string, of: string, over: string): Target['measured'] {
  return (all) =>
    compare(
      all,
      { case: name, contender: of, measure },
      { case: name, contender: over, measure },
      (value, reference) => value / reference,
    );
}

function difference(name: string, measure: string, of: string, from: string): Target['measured'] {
  return (all) =>
    compare(
      all,
      { case: name, contender: of, measure },
      { case: name, contender: from, measure },
      (value, reference) => value - reference,
    );
}

/** The largest size of a curve against the smallest. */
function growth(name: string): Target['measured'] {
  return (all) => {
    const sizes = all
      .filter((series) => series.case === name && series.measure === 'cpuMicros')
      .map(({ contender }) => Number(contender.split(' ')[1]))
      .toSorted((one, other) => one - other);
    const [smallest] = sizes;
    const largest = sizes.at(-1);
    if (smallest === undefined || smallest === largest) return undefined;
    return ratio(name, 'cpuMicros', `ratchet ${largest}`, `ratchet ${smallest}`)(all);
  };
}

function plain(all: readonly Series[], name: SeriesName): Spread | undefined {
  const values = valuesOf(all, name);
  return values.length === 0 ? undefined : spreadOf(values);
}

/** One figure for the whole run: a slope, in percent of what was resident after the first third. */
function memoryGrowth(all: readonly Series[]): Spread | undefined {
  const name = { case: 'memory', contender: 'ratchet-full' };
  const served = valuesOf(all, { ...name, measure: 'servedRequests' });
  const resident = valuesOf(all, { ...name, measure: 'servedMb' });
  const points = served
    .map((requests, index): [number, number] => [requests, resident[index] ?? Number.NaN])
    .slice(Math.floor(served.length / 3));
  const level = points[0]?.[1];
  if (points.length < 3 || level === undefined) return undefined;
  return spreadOf([((slopeOf(points) * 100_000) / level) * 100]);
}

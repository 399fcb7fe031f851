import type { PathPoint } from '../../api/campaign.schema.ts';

/** Points of a line that are drawn at most. */
const pointsMax = 300;

/** Lowest value that is drawn, as a natural logarithm: below, an e-value is as good as lost. */
const lowestDrawn = -4;

/** The e-processes of a test that is for superiority. */
export type ProcessName = 'superiority' | 'harm' | 'futility';

/** Where e-processes are drawn: horizontally pairs, vertically natural logarithms of e-values. */
export interface PathPlot {
  readonly pairsMax: number;
  readonly top: number;
  readonly bottom: number;
  readonly processes: readonly PlottedProcess[];
  /** Logarithms of powers of ten that lie within. */
  readonly ticks: readonly { readonly logE: number; readonly e: string }[];
}

export interface PlottedProcess {
  readonly name: ProcessName;
  readonly points: readonly {
    readonly pairs: number;
    readonly logE: number;
    readonly logThreshold: number;
  }[];
}

/**
 * The paths of a test, each beginning with the stake, E = 1 after no pairs. Of several looks after as many pairs the last
 * one counts. `bars` are those of harm and futility; that of superiority comes with its points.
 */
export function plotOf(
  path: readonly PathPoint[],
  bars: Readonly<Record<'harm' | 'futility', number>>,
): PathPlot {
  const looks = thin([...new Map(path.map((point) => [point.pairs, point])).values()]);
  const first = looks[0]?.logThreshold ?? 0;
  const processes: readonly PlottedProcess[] = [
    {
      name: 'superiority',
      points: [
        { pairs: 0, logE: 0, logThreshold: first },
        ...looks.map(({ pairs, logSuperiority: logE, logThreshold }) => ({ pairs, logE, logThreshold })),
      ],
    },
    {
      name: 'harm',
      points: [
        { pairs: 0, logE: 0, logThreshold: bars.harm },
        ...looks.map(({ pairs, logHarm: logE }) => ({ pairs, logE, logThreshold: bars.harm })),
      ],
    },
    {
      name: 'futility',
      points: [
        { pairs: 0, logE: 0, logThreshold: bars.futility },
        ...looks.map(({ pairs, logFutility: logE }) => ({ pairs, logE, logThreshold: bars.futility })),
      ],
    },
  ];
  const points = processes.flatMap((process) => process.points);
  const top = Math.max(...points.flatMap(({ logE, logThreshold }) => [logE, logThreshold])) + 0.6;
  const bottom = Math.max(lowestDrawn, Math.min(-0.8, ...points.map(({ logE }) => logE - 0.3)));
  return {
    pairsMax: Math.max(1, looks.at(-1)?.pairs ?? 0),
    top,
    bottom,
    processes,
    ticks: ticksWithin(bottom, top),
  };
}

/** Looks at even distances, the last one always. */
export function thin<Look>(looks: readonly Look[], most: number = pointsMax): readonly Look[] {
  if (looks.length <= most) return looks;
  return Array.from(
    { length: most },
    (_, index) => looks[Math.round((index * (looks.length - 1)) / (most - 1))],
  ).filter((look) => look !== undefined);
}

function ticksWithin(bottom: number, top: number): PathPlot['ticks'] {
  const powers = Array.from({ length: 40 }, (_, index) => index - 4);
  const step = top > 12 * Math.LN10 ? 5 : top > 6 * Math.LN10 ? 2 : 1;
  return powers
    .filter((power) => power % step === 0)
    .map((power) => ({ logE: power * Math.LN10, e: power < 4 ? String(10 ** power) : `1e${power}` }))
    .filter(({ logE }) => logE >= bottom && logE <= top);
}

/** One measured figure beside what was promised of it. */
export interface Figure {
  readonly section: string;
  readonly label: string;
  readonly measured: string;
  /** What it is held against, in words. */
  readonly promise: string;
  /** Whether it was kept; `null` where the figure is for comparison and nothing was promised. */
  readonly isKept: boolean | null;
}

/** A part of the benchmark. */
export interface Section {
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  readonly run: (settings: RunSettings) => readonly Figure[];
}

export interface RunSettings {
  readonly seed: number;
  /** Share of the full number of runs, (0, 1]: 1 is what the documentation shows. */
  readonly scale: number;
}

/** A number of runs at this scale, at least `least`. */
export function runsAt({ scale }: RunSettings, full: number, least: number): number {
  return Math.max(least, Math.round(full * scale));
}

/** A share as a percentage. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}

import stringWidth from 'string-width';
import { terminalText } from '../terminal-text.ts';

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Default: `left`. */
  readonly align?: 'left' | 'right';
  /** Whether it is cut where the terminal is too narrow; texts that nobody has to copy. */
  readonly isFlexible?: true;
}

/** Longest cell, characters; what is longer has no place in a table. */
const cellLengthMax = 500;
/** Narrowest that a flexible column becomes, places. */
const widthMin = 12;
const gap = '  ';

/**
 * A table with its titles first, columns two places apart. Cells are cleaned, and counted by the places that they take on
 * a terminal. `columnsMax`: places of a line; `null`: no line is cut.
 */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  columnsMax: number | null,
): readonly string[] {
  const titles = columns.map(({ title }) => title);
  const cells = [titles, ...rows].map((row) => row.map((cell) => terminalText(cell, cellLengthMax)));
  const wanted = columns.map((_, index) => Math.max(...cells.map((row) => stringWidth(row[index] ?? ''))));
  const widths = fit(columns, wanted, columnsMax);
  return cells.map((row) =>
    columns
      .map(({ align }, index) => {
        const width = widths[index] ?? 0;
        const cell = cut(row[index] ?? '', width);
        const space = ' '.repeat(width - stringWidth(cell));
        return align === 'right' ? space + cell : cell + space;
      })
      .join(gap)
      .trimEnd(),
  );
}

/** Takes from the widest flexible column, place by place, until the line fits or nothing can give way. */
function fit(
  columns: readonly Column[],
  wanted: readonly number[],
  columnsMax: number | null,
): readonly number[] {
  const widths = [...wanted];
  const total = wanted.reduce((sum, width) => sum + width, gap.length * (columns.length - 1));
  for (let over = columnsMax === null ? 0 : total - columnsMax; over > 0; over--) {
    const widest = Math.max(
      ...widths.map((width, index) => (columns[index]?.isFlexible === true ? width : 0)),
    );
    if (widest <= widthMin) break;
    widths[widths.findIndex((width, index) => width === widest && columns[index]?.isFlexible === true)] =
      widest - 1;
  }
  return widths;
}

/** As much of a text as takes so many places, with an ellipsis where something is missing. */
function cut(text: string, places: number): string {
  if (stringWidth(text) <= places) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(kept + segment) >= places) break;
    kept += segment;
  }
  return `${kept}…`;
}

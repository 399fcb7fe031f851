import { isRecord } from '../../domain/is-record.ts';
import type { NumericGraderConfig } from '../../domain/grader.ts';
import { missing, scored, type Grader } from './grader.ts';
import { outputText } from './output-text.ts';
import { parseJson } from './validate-json.ts';

/**
 * 1 where the number in the answer is as near to the one in the ground truth as the tolerance asks, else 0, also where
 * the answer has no number; missing where the ground truth is none. Both are read alike.
 */
export const numeric: Grader<NumericGraderConfig & { readonly weight: number }> = {
  isDeterministic: true,
  grade: (config, { answer, expected }) => {
    const truth = expected === null ? undefined : truthOf(expected, config);
    if (truth === undefined) return missing('the ground truth is not a number');
    const said = numberOf(outputText(answer), config);
    if (said === undefined) return scored(0, 'the answer has no number');
    return scored(isNear(said, truth, config) ? 1 : 0);
  },
};

function truthOf(expected: string, config: NumericGraderConfig): number | undefined {
  return numberOf(expected, config) ?? numberOf(expected, { take: 'only', decimal: config.decimal });
}

/** |said − truth| ≤ max(absolute, relative·|truth|), with room for the rounding of binary fractions. */
function isNear(
  said: number,
  truth: number,
  { absolute, relative }: Pick<NumericGraderConfig, 'absolute' | 'relative'>,
): boolean {
  const rounding = 4 * Number.EPSILON * Math.max(Math.abs(said), Math.abs(truth));
  return Math.abs(said - truth) <= Math.max(absolute, relative * Math.abs(truth)) + rounding;
}

/** How a number is found in a text. */
export type NumberPlace = Pick<NumericGraderConfig, 'take' | 'decimal' | 'field'>;

/**
 * The number of a text: at `field` of the JSON that it is, where one is named, else the one among all that `take` says.
 * Numbers may group thousands ("1,234.50", "1 234" with a narrow space), have a sign and an exponent. Digits inside a
 * word, a date or a version ("v2", "2026-01-31", "1.2.3") are none; "%", currencies and units do not count.
 */
export function numberOf(text: string, { take, decimal, field }: NumberPlace): number | undefined {
  if (field === undefined) return pick(numbersIn(text, decimal), take);
  const value = valueAt(parseJson(text)?.value, field);
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? pick(numbersIn(value, decimal), 'only') : undefined;
}

function numbersIn(text: string, decimal: NumericGraderConfig['decimal']): readonly number[] {
  const [point, group] = decimal === 'point' ? ['.', ','] : [',', '.'];
  return Array.from(text.matchAll(patterns[decimal]), ([found]) =>
    Number(
      found
        .replaceAll(/[\u00A0\u202F']/g, '')
        .replaceAll(group, '')
        .replace(point, '.')
        .replace('\u2212', '-'),
    ),
  ).filter(Number.isFinite);
}

function pick(numbers: readonly number[], take: NumericGraderConfig['take']): number | undefined {
  switch (take) {
    case 'first':
      return numbers[0];
    case 'last':
      return numbers.at(-1);
    case 'only':
      return new Set(numbers).size === 1 ? numbers[0] : undefined;
  }
}

function valueAt(json: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    if (Array.isArray(value)) return value[Number(name)];
    return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }, json);
}

const patterns: Readonly<Record<NumericGraderConfig['decimal'], RegExp>> = {
  point: numberPattern(String.raw`\.`, ','),
  comma: numberPattern(',', String.raw`\.`),
};

/** A number that neither follows nor is followed by what would make it a part of something else. */
function numberPattern(point: string, group: string): RegExp {
  const grouped = String.raw`\d{1,3}(?:[${group}\u00A0\u202F']\d{3})+(?!\d)`;
  const digits = String.raw`(?:${grouped}|\d+)(?:${point}\d+)?|${point}\d+`;
  const sign = String.raw`(?:(?<![\p{L}\d])[-+\u2212])?`;
  const before = String.raw`(?<![\p{L}\d_])(?<!\d[-/.:,])`;
  const after = String.raw`(?![\d_]|[-/.:,]\d)`;
  return new RegExp(`${before}${sign}(?:${digits})(?:[eE][-+]?\\d+)?${after}`, 'gu');
}

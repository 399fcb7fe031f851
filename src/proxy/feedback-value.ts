import type { MetricConfig, TaskConfig } from '../domain/task.ts';

/** A checked value, or what is wrong with it. */
export type CheckedValue =
  { readonly kind: 'value'; readonly value: number } | { readonly kind: 'wrong'; readonly message: string };

/** What holds for a metric that the task does not declare. */
const undeclared: Pick<MetricConfig, 'type' | 'range'> = { type: 'number', range: [0, 1] };

/**
 * A value as a number in its metric's range; booleans become 0 or 1. Where the task is unknown any number passes: its
 * metric may have a range of its own.
 */
export function checkValue(
  value: number | boolean,
  metric: string,
  config: Pick<TaskConfig, 'metrics'> | undefined,
): CheckedValue {
  if (config === undefined) return { kind: 'value', value: Number(value) };
  const { type, range } =
    (Object.hasOwn(config.metrics, metric) ? config.metrics[metric] : undefined) ?? undeclared;
  const [low, high] = range;
  const number = Number(value);
  if (type === 'boolean')
    return number === 0 || number === 1
      ? { kind: 'value', value: number }
      : { kind: 'wrong', message: `${metric} is true or false` };
  // Yes and no say nothing on a scale of one to five.
  const isScale = low !== 0 || high !== 1;
  if (number < low || number > high || (typeof value === 'boolean' && isScale))
    return { kind: 'wrong', message: `${metric} is a number from ${low} to ${high}` };
  return { kind: 'value', value: number };
}

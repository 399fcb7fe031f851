import type { Optimizer } from '../optimizer.ts';
import { opro } from './opro.ts';
import { textualGradient } from './textual-gradient.ts';

/** Every optimizer that `learner.optimizers` of a task may name. */
export const optimizers: ReadonlyMap<string, Optimizer> = new Map(
  [opro, textualGradient].map((optimizer) => [optimizer.name, optimizer]),
);

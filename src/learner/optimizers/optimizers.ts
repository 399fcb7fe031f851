import type { Optimizer } from '../optimizer.ts';
import { evoDe } from './evo-de.ts';
import { evo } from './evo.ts';
import { exemplars } from './exemplars.ts';
import { gepa } from './gepa.ts';
import { mipro } from './mipro.ts';
import { opro } from './opro.ts';
import { prune } from './prune.ts';
import { protegi, textualGradient } from './protegi.ts';
import { reflexion } from './reflexion.ts';
import { rephrase } from './rephrase.ts';
import { simba } from './simba.ts';
import { structure } from './structure.ts';
import { textgrad } from './textgrad.ts';

/** Every optimizer that `learner.optimizers` of a task may name. */
export const optimizers: ReadonlyMap<string, Optimizer> = new Map(
  [
    opro,
    textualGradient,
    protegi,
    textgrad,
    mipro,
    gepa,
    evo,
    evoDe,
    simba,
    reflexion,
    exemplars,
    rephrase,
    structure,
    prune,
  ].map((optimizer) => [optimizer.name, optimizer]),
);

/** Every optimizer that `learner.optimizers` of a task may name; the learner has one of each. */
export const optimizerNames = [
  'opro',
  'textual-gradient',
  'protegi',
  'textgrad',
  'mipro',
  'gepa',
  'evo',
  'evo-de',
  'simba',
  'reflexion',
  'exemplars',
  'rephrase',
  'structure',
  'prune',
] as const;

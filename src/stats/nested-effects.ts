/** A measured effect of one intent in one task. */
export interface NestedEffect {
  readonly intent: string;
  readonly family: string;
  readonly task: string;
  readonly effect: number;
  /** Of the measurement, > 0. */
  readonly variance: number;
}

/** How much true effects differ, as standard deviations > 0. */
export interface NestedScales {
  /** Of the mean of all intents around 0. */
  readonly root: number;
  /** Of an intent around the mean of all. */
  readonly intent: number;
  /** Of an intent in one family around the intent. */
  readonly family: number;
  /** Of an intent in one task around its family. */
  readonly task: number;
}

/** A normal distribution. */
export interface EffectPrediction {
  readonly mean: number;
  readonly deviation: number;
  /** Tasks of the family in which the intent has been measured. */
  readonly tasks: number;
}

/** Predicts the effect of an intent in a task; `task` may have measurements of its own, or none. */
export type PredictEffect = (where: {
  readonly intent: string;
  readonly family: string;
  readonly task: string;
}) => EffectPrediction;

/**
 * Effects of intents, shrunk towards their family, their intent, and the mean of all intents: the normal model
 *   μ ~ N(0, root²), intent ~ N(μ, intent²), intent in family ~ N(intent, family²), in task ~ N(family, task²),
 *   measurement ~ N(task, variance)
 * with known deviations, so that the posterior is exact: each branch of the tree is one message (mean, precision), and a
 * step along a level adds its variance (Pearl, "Probabilistic Reasoning in Intelligent Systems", 1988, ch. 7;
 * shrinkage: Lindley & Smith, "Bayes estimates for the linear model", 1972).
 *
 * Without measurements the mean is 0 and the deviation √(root² + intent² + family² + task²). An intent that nobody has
 * tried has the mean of those that have been tried, shrunk. Throws a RangeError for a variance or deviation not > 0.
 */
export function nestedEffects(effects: readonly NestedEffect[], scales: NestedScales): PredictEffect {
  if (![...Object.values(scales), ...effects.map(({ variance }) => variance)].every((value) => value > 0))
    throw new RangeError('nested effects: every variance and deviation is above 0');
  const intents = new Map<string, Map<string, Map<string, Message>>>();
  for (const { intent, family, task, effect, variance } of effects) {
    const families = at(intents, intent, () => new Map<string, Map<string, Message>>());
    const tasks = at(families, family, () => new Map<string, Message>());
    const precision = 1 / variance;
    tasks.set(task, sum([tasks.get(task) ?? silence, { precision, weighted: precision * effect }]));
  }
  // What each branch says of the node above it.
  const ofFamily = (tasks: ReadonlyMap<string, Message>): Message =>
    along(sum([...tasks.values()].map((task) => along(task, scales.task))), scales.family);
  const familyMessages = new Map(
    [...intents].map(([intent, families]) => [
      intent,
      new Map([...families].map(([family, tasks]) => [family, ofFamily(tasks)])),
    ]),
  );
  const intentMessages = new Map(
    [...familyMessages].map(([intent, families]) => [
      intent,
      along(sum([...families.values()]), scales.intent),
    ]),
  );
  const rootPrior = { precision: 1 / scales.root ** 2, weighted: 0 };
  const everything = sum([rootPrior, ...intentMessages.values()]);

  return ({ intent, family, task }) => {
    const tasks = intents.get(intent)?.get(family) ?? new Map<string, Message>();
    const root = without(everything, intentMessages.get(intent));
    const families = familyMessages.get(intent);
    const ownIntent = without(
      sum([along(root, scales.intent), ...(families?.values() ?? [])]),
      families?.get(family),
    );
    const others = [...tasks]
      .filter(([name]) => name !== task)
      .map(([, message]) => along(message, scales.task));
    const ownFamily = sum([along(ownIntent, scales.family), ...others]);
    const own = sum([along(ownFamily, scales.task), tasks.get(task) ?? silence]);
    return { mean: own.weighted / own.precision, deviation: 1 / Math.sqrt(own.precision), tasks: tasks.size };
  };
}

/** A normal distribution as precision and precision × mean, which add up; precision 0 says nothing. */
interface Message {
  readonly precision: number;
  readonly weighted: number;
}

const silence: Message = { precision: 0, weighted: 0 };

function sum(messages: readonly Message[]): Message {
  return messages.reduce(
    (one, other) => ({
      precision: one.precision + other.precision,
      weighted: one.weighted + other.weighted,
    }),
    silence,
  );
}

function without(all: Message, part: Message = silence): Message {
  return { precision: all.precision - part.precision, weighted: all.weighted - part.weighted };
}

/** The same message one level further: its variance grows by the level's. */
function along({ precision, weighted }: Message, deviation: number): Message {
  if (precision === 0) return silence;
  const further = 1 / (1 / precision + deviation ** 2);
  return { precision: further, weighted: (weighted / precision) * further };
}

function at<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

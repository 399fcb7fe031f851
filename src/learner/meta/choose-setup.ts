import type { Horizon } from '../../domain/proposal.ts';
import type { Random } from '../../domain/random.ts';
import { drawBeta } from '../../stats/beta-draw.ts';
import { countAtPlace, countOf, type Count } from './count-at-place.ts';
import type { Place } from './place.ts';
import type { ChosenSetup, SetupOutcome, SetupSpace } from './setup.ts';

/** Before anything is known one proposal in six is promoted, believed as if six had been seen. */
const gainPrior = 1 / 6;
const beliefPrior = 6;

/** What a proposal costs before anything is known, in calls of the agent's model, believed as if two had been seen. */
const costPrior = 300;
const costBelief = 2;

/** How firmly a batch size, or a horizon, of one optimizer is believed to do as it does with all of them, in proposals. */
const poolBelief = 4;

/** How much more a batch size is believed to do for an optimizer that was published with it. */
const publishedLead = 1.3;

/** What a choice goes by beside outcomes. */
export interface SetupKnowledge {
  readonly random: Random;
  /** Where the task stands. */
  readonly place: Place;
  /** Usual number of calls a turn, ≥ 1. */
  readonly callsOf: (optimizer: string) => number;
  /** Requests a question, as published; `null` where the optimizer chooses by itself. */
  readonly publishedBatch: (optimizer: string) => number | null;
}

/**
 * Which optimizer is asked next, with how many requests and which horizon: Thompson sampling under a budget (Xia et al.,
 * "Thompson sampling for budgeted multi-armed bandits", IJCAI 2015). For each optimizer the chance p of a promotion is
 * drawn from its beta posterior, and the greatest p / cost is taken; then a batch size and a horizon in the same way,
 * their priors being how they do with all optimizers. So three small choices are made instead of one among up to 120
 * arms, of which most would never be tried: a task sees some tens of proposals in its life. Section 8 of the design's
 * statistics found a bandit with a floor better than any fixed setting; sampling needs no floor, since what has not been
 * tried keeps a wide posterior. Of an optimizer, what it did where the task stands now, after the same gain and the same
 * miss, counts more than what it did elsewhere (`count-at-place.ts`): that is how an order of optimizers is learned.
 *
 * The cost is a mean, shrunk towards that of all optimizers; an optimizer's usual number of calls a turn is part of its
 * prior, so that of two unknown ones the cheap one is tried first; and so is the batch size that it was published with.
 * Pure: equal draws and outcomes give equal choices. Throws a RangeError where there is nothing to choose from.
 */
export function chooseSetup(
  space: SetupSpace,
  outcomes: readonly SetupOutcome[],
  { random, place, callsOf, publishedBatch }: SetupKnowledge,
): ChosenSetup {
  const costMean = meanCost(outcomes, costPrior);
  const arms = space.optimizers.map((optimizer) => {
    const own = outcomes.filter((outcome) => outcome.optimizer === optimizer);
    const mean = Math.min(0.5, gainPrior / Math.sqrt(callsOf(optimizer)));
    const known = countAtPlace(own, place, { gains: beliefPrior * mean, tries: beliefPrior });
    const draw = drawBeta(known.gains, known.tries - known.gains, random);
    return { optimizer, own, draw, cost: meanCost(own, costMean) };
  });
  const best = greatest(arms, ({ draw, cost }) => draw / cost);
  const published = publishedBatch(best.optimizer);
  return {
    optimizer: best.optimizer,
    batchSize:
      published === null
        ? null
        : pickLike(space.batchSizes, ({ batchSize }) => batchSize, {
            outcomes,
            own: best.own,
            random,
            lead: nearest(space.batchSizes, published),
          }),
    horizon: pickLike(space.horizons, ({ horizon }) => horizon, { outcomes, own: best.own, random }),
    place,
    reason: reasonOf(best, place),
  };
}

/** Why, in counts and names of optimizers alone. */
function reasonOf(
  {
    own,
    draw,
    cost,
  }: { readonly own: readonly SetupOutcome[]; readonly draw: number; readonly cost: number },
  place: Place,
): string {
  const same = own.filter(
    ({ place: { gained, missed } }) => gained === place.gained && missed === place.missed,
  );
  const order = [
    ...(place.gained === null ? [] : [`after a gain by ${place.gained}`]),
    ...(place.missed === null ? [] : [`after a miss by ${place.missed}`]),
  ];
  return [
    `${told(countOf(own))} proposals promoted`,
    ...(order.length === 0 ? [] : [`${told(countOf(same))} of these ${order.join(' and ')}, as now`]),
    `${cost.toFixed(0)} calls each`,
    `drew ${draw.toFixed(2)}`,
  ].join('; ');
}

function told({ gains, tries }: Count): string {
  return `${gains.toFixed(1)} of ${tries.toFixed(1)}`;
}

/** Draws among values of one setting: with this optimizer, around how they do with all of them. */
function pickLike<Value extends number | Horizon>(
  values: readonly Value[],
  of: (outcome: SetupOutcome) => number | Horizon | null,
  known: {
    readonly outcomes: readonly SetupOutcome[];
    readonly own: readonly SetupOutcome[];
    readonly random: Random;
    readonly lead?: Value;
  },
): Value {
  const [only] = values;
  if (only !== undefined && values.length === 1) return only;
  const all = known.outcomes.filter((outcome) => of(outcome) !== null);
  const level = shrunk(countOf(all), { mean: gainPrior, belief: beliefPrior });
  return greatest(values, (value) => {
    const mean = shrunk(countOf(all.filter((outcome) => of(outcome) === value)), {
      mean: value === known.lead ? level * publishedLead : level,
      belief: poolBelief,
    });
    const own = countOf(known.own.filter((outcome) => of(outcome) === value));
    return drawAround(own, { mean: Math.min(0.9, mean), belief: poolBelief }, known.random);
  });
}

function nearest(values: readonly number[], wanted: number): number {
  return greatest(values, (value) => -Math.abs(value - wanted));
}

interface Prior {
  readonly mean: number;
  /** In proposals. */
  readonly belief: number;
}

function shrunk({ gains, tries }: Count, { mean, belief }: Prior): number {
  return (gains + belief * mean) / (tries + belief);
}

function drawAround({ gains, tries }: Count, { mean, belief }: Prior, random: Random): number {
  return drawBeta(gains + belief * mean, tries - gains + belief * (1 - mean), random);
}

function meanCost(outcomes: readonly SetupOutcome[], prior: number): number {
  const weight = outcomes.reduce((sum, outcome) => sum + outcome.weight, 0);
  const cost = outcomes.reduce((sum, outcome) => sum + outcome.weight * outcome.cost, 0);
  return (cost + costBelief * prior) / (weight + costBelief);
}

function greatest<Value>(values: readonly Value[], worth: (value: Value) => number): Value {
  const worths = values.map(worth);
  const best = values[worths.indexOf(Math.max(...worths))];
  if (best === undefined) throw new RangeError('there is nothing to choose from');
  return best;
}

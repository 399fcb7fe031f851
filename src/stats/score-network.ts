import type { Random } from '../domain/random.ts';
import type { Predictor, WeightedScore } from './ridge.ts';

/** How a network is made and trained. */
export interface NetworkSettings {
  /** Units of the one hidden layer, ≥ 1. */
  readonly hidden: number;
  /** Step of Adam, > 0. */
  readonly rate: number;
  /** Times that all observations are gone through, ≥ 0. */
  readonly epochs: number;
  /** Observations of one step, ≥ 1. */
  readonly batch: number;
}

/**
 * As published for EXPO and for EXPO-ES: 6,144 or 3,072 inputs, one hidden layer, mean squared error, trained on all that
 * was observed. How it is trained is not published; these are the usual ones (Adam at .001, 50 epochs of batches of 64).
 */
export const publishedNetwork: NetworkSettings = { hidden: 1536, rate: 1e-3, epochs: 50, batch: 64 };
export const publishedExemplarNetwork: NetworkSettings = { ...publishedNetwork, hidden: 512 };

/** A small one that is trained alike: some tenths of a second for dozens of scores. */
export const smallNetwork: NetworkSettings = { ...publishedNetwork, hidden: 64 };

/** Weights of a network: `inputs` are by input, then unit. */
interface Weights {
  readonly inputs: Float64Array;
  readonly biases: Float64Array;
  readonly outputs: Float64Array;
  readonly shift: Float64Array;
}

/** An observation by the places where it is not 0, since most of an n-gram embedding is. */
interface Sample {
  readonly places: readonly number[];
  readonly values: readonly number[];
  readonly score: number;
  readonly weight: number;
}

/**
 * A trainer of score networks f(x) = m + v·relu(Wx + b) + c, m the weighted mean of the scores, all of which begin with
 * the same weights (He et al., "Delving deep into rectifiers", ICCV 2015; v at 0, so that an untrained network predicts the
 * mean), drawn at the first fit. Trained by Adam (Kingma & Ba, ICLR 2015) on the weighted mean squared error. Equal draws
 * and observations give equal networks.
 *
 * Points are all of one length. Without observations the prediction is 0. Throws a RangeError for settings out of range.
 */
export function networkTrainer(
  settings: NetworkSettings,
  random: Random,
): (observations: readonly WeightedScore[]) => Predictor {
  const { hidden, rate, epochs, batch } = settings;
  const isWhole = [hidden, epochs, batch].every(Number.isInteger);
  if (!isWhole || hidden < 1 || epochs < 0 || batch < 1 || !(rate > 0))
    throw new RangeError(
      `a network of ${hidden} units, rate ${rate}, ${epochs} epochs of batches of ${batch}`,
    );
  let first: Weights | undefined;
  return (observations) => {
    const [one] = observations;
    if (one === undefined) return () => 0;
    const total = observations.reduce((sum, { weight = 1 }) => sum + weight, 0);
    const mean = observations.reduce((sum, { score, weight = 1 }) => sum + weight * score, 0) / total;
    const samples = observations.map(({ point, score, weight = 1 }) => ({
      ...sparse(point),
      score: score - mean,
      weight: (weight * observations.length) / total,
    }));
    first ??= drawWeights(one.point.length, hidden, random);
    const weights = copyOf(first);
    train(weights, samples, settings, random);
    return (point) => mean + forward(weights, sparse(point)).output;
  };
}

function drawWeights(inputs: number, hidden: number, random: Random): Weights {
  // Points have length about 1, so that the spread of a unit is that of one weight.
  const bound = Math.sqrt(6);
  return {
    inputs: Float64Array.from({ length: inputs * hidden }, () => bound * (2 * random.next() - 1)),
    biases: new Float64Array(hidden),
    outputs: new Float64Array(hidden),
    shift: new Float64Array(1),
  };
}

function copyOf({ inputs, biases, outputs, shift }: Weights): Weights {
  return {
    inputs: inputs.slice(),
    biases: biases.slice(),
    outputs: outputs.slice(),
    shift: shift.slice(),
  };
}

function sparse(point: ArrayLike<number>): Pick<Sample, 'places' | 'values'> {
  const all = Array.from(point);
  const places = all.flatMap((value, place) => (value === 0 ? [] : [place]));
  return { places, values: places.map((place) => all[place] ?? 0) };
}

function forward(
  { inputs, biases, outputs, shift }: Weights,
  { places, values }: Pick<Sample, 'places' | 'values'>,
): { readonly units: Float64Array; readonly output: number } {
  const units = biases.slice();
  const hidden = units.length;
  for (let index = 0; index < places.length; index += 1) {
    const value = values[index] ?? 0;
    const row = (places[index] ?? 0) * hidden;
    for (let unit = 0; unit < hidden; unit += 1)
      units[unit] = (units[unit] ?? 0) + value * (inputs[row + unit] ?? 0);
  }
  let output = shift[0] ?? 0;
  for (let unit = 0; unit < hidden; unit += 1) {
    units[unit] = Math.max(0, units[unit] ?? 0);
    output += (outputs[unit] ?? 0) * (units[unit] ?? 0);
  }
  return { units, output };
}

/** Goes through all observations so many times, in an order drawn anew each time. */
function train(
  weights: Weights,
  samples: readonly Sample[],
  { rate, epochs, batch }: NetworkSettings,
  random: Random,
): void {
  const hidden = weights.biases.length;
  // An input that no observation has gets no gradient, so its weights stay as they were drawn.
  const rows = [...new Set(samples.flatMap(({ places }) => places))].map((place) => place * hidden);
  const parts: readonly Part[] = [
    ...rows.map((start) => partOf(weights.inputs, start, hidden)),
    partOf(weights.biases, 0, hidden),
    partOf(weights.outputs, 0, hidden),
    partOf(weights.shift, 0, 1),
  ];
  const gradient = copyOf(weights);
  const gradients = [
    ...rows.map((start) => gradient.inputs.subarray(start, start + hidden)),
    gradient.biases,
    gradient.outputs,
    gradient.shift,
  ];
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    const order = shuffled(samples, random);
    for (let start = 0; start < order.length; start += batch) {
      for (const values of gradients) values.fill(0);
      const taken = order.slice(start, start + batch);
      for (const sample of taken) addGradient(weights, gradient, sample, 2 / taken.length);
      step += 1;
      parts.forEach((part, index) => adam(part, gradients[index] ?? new Float64Array(0), rate, step));
    }
  }
}

function addGradient(weights: Weights, gradient: Weights, sample: Sample, scale: number): void {
  const { units, output } = forward(weights, sample);
  const error = scale * sample.weight * (output - sample.score);
  const hidden = units.length;
  const back = new Float64Array(hidden);
  for (let unit = 0; unit < hidden; unit += 1) {
    const value = units[unit] ?? 0;
    gradient.outputs[unit] = (gradient.outputs[unit] ?? 0) + error * value;
    back[unit] = value > 0 ? error * (weights.outputs[unit] ?? 0) : 0;
    gradient.biases[unit] = (gradient.biases[unit] ?? 0) + (back[unit] ?? 0);
  }
  gradient.shift[0] = (gradient.shift[0] ?? 0) + error;
  sample.places.forEach((place, index) => {
    const value = sample.values[index] ?? 0;
    const row = place * hidden;
    for (let unit = 0; unit < hidden; unit += 1)
      gradient.inputs[row + unit] = (gradient.inputs[row + unit] ?? 0) + value * (back[unit] ?? 0);
  });
}

/** Some weights with what Adam remembers of them: decayed means of the gradient and of its square. */
interface Part {
  readonly values: Float64Array;
  readonly mean: Float64Array;
  readonly square: Float64Array;
}

function partOf(all: Float64Array, start: number, length: number): Part {
  const values = all.subarray(start, start + length);
  return { values, mean: new Float64Array(length), square: new Float64Array(length) };
}

/** Decays of the means, and what keeps a quotient finite, as published. */
const meanDecay = 0.9;
const squareDecay = 0.999;
const tiny = 1e-8;

function adam({ values, mean, square }: Part, gradient: Float64Array, rate: number, step: number): void {
  const meanScale = 1 / (1 - meanDecay ** step);
  const squareScale = 1 / (1 - squareDecay ** step);
  for (let index = 0; index < values.length; index += 1) {
    const slope = gradient[index] ?? 0;
    const first = meanDecay * (mean[index] ?? 0) + (1 - meanDecay) * slope;
    const second = squareDecay * (square[index] ?? 0) + (1 - squareDecay) * slope * slope;
    mean[index] = first;
    square[index] = second;
    values[index] =
      (values[index] ?? 0) - (rate * first * meanScale) / (Math.sqrt(second * squareScale) + tiny);
  }
}

function shuffled<Value>(values: readonly Value[], random: Random): readonly Value[] {
  return values
    .map((value) => ({ value, key: random.next() }))
    .toSorted((one, other) => one.key - other.key)
    .map(({ value }) => value);
}

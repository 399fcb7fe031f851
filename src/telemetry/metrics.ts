import type { Attributes, Meter } from '@opentelemetry/api';
import type { HistogramDefinition, Histograms } from './histograms.ts';
import type { CounterName, GaugeName, HistogramName, Labels } from './telemetry.ts';

interface Definition {
  readonly unit: string;
  readonly description: string;
}

/** Counters, by name. */
export const counterDefinitions: Readonly<Record<CounterName, Definition>> = {
  'ratchet.requests': { unit: '{request}', description: 'Requests that the proxy handled.' },
  'ratchet.fallbacks': {
    unit: '{request}',
    description: 'Requests served without a choice of ours, because a part of Ratchet was unavailable.',
  },
  'ratchet.decisions.dropped': {
    unit: '{decision}',
    description: 'Decisions that were served but not recorded.',
  },
  'ratchet.feedback': { unit: '{feedback}', description: 'Feedback values received, by outcome.' },
  'ratchet.feedback.unmatched': {
    unit: '{feedback}',
    description: 'Feedback whose decision never arrived within the attribution window.',
  },
  'ratchet.tasks.rejected': {
    unit: '{task}',
    description: 'Automatic tasks not created, because their scope is full.',
  },
  'ratchet.upstream.attempts': {
    unit: '{attempt}',
    description: 'Attempts to have a request answered by an upstream, by outcome.',
  },
  'ratchet.upstream.fallbacks': {
    unit: '{request}',
    description: 'Requests that went on to another upstream.',
  },
  'ratchet.keys.limited': { unit: '{request}', description: 'Requests refused by a limit of their key.' },
  'ratchet.campaigns': { unit: '{campaign}', description: 'Campaigns that reached a state.' },
  'ratchet.shadow.requests': { unit: '{request}', description: 'Model calls of shadow evaluation.' },
  'ratchet.shadow.unusable': {
    unit: '{request}',
    description: 'Recorded requests that shadow evaluation had to leave out, since they cannot be replayed.',
  },
  'ratchet.shadow.yields': {
    unit: '{yield}',
    description:
      'Times that shadow evaluation gave way, to traffic near a rate limit, a failing upstream or its own rate.',
  },
  'ratchet.contract.broken': {
    unit: '{answer}',
    description: 'Recorded answers that broke their contract.',
  },
  'ratchet.learner.turns': { unit: '{turn}', description: 'Turns of the learner, by what it chose.' },
  'ratchet.learner.withheld': {
    unit: '{text}',
    description: 'Recorded texts that were not shown to the optimizer model, since they give orders to it.',
  },
  'ratchet.learning.usd': { unit: '{USD}', description: 'Money spent on learning.' },
};

/** Gauges, by name. */
export const gaugeDefinitions: Readonly<Record<GaugeName, Definition>> = {
  'ratchet.probability': { unit: '1', description: 'Probability with which an arm is drawn.' },
  'ratchet.queue.depth': { unit: '{decision}', description: 'Decisions waiting to be recorded.' },
  'ratchet.ready': { unit: '1', description: 'Whether a check of readiness holds: 1, else 0.' },
  'ratchet.budget.usd_left': { unit: '{USD}', description: "What is left of a task's budget today." },
  'ratchet.plan.version': { unit: '{version}', description: 'Version of the serving plan.' },
  'ratchet.upstream.breaker': { unit: '1', description: 'Whether an upstream counts as down: 1, else 0.' },
};

/** Doubling seconds, as the GenAI conventions ask for. */
const durationSeconds = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];

/** Histograms, by name. */
export const histogramDefinitions: Readonly<Record<HistogramName, HistogramDefinition>> = {
  'ratchet.overhead': {
    unit: 's',
    description: "Ratchet's own share of a request's latency.",
    boundaries: [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5],
  },
  'ratchet.reward': {
    unit: '1',
    description: 'Rewards of episodes, from 0 to 1.',
    boundaries: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
  },
  'gen_ai.client.operation.duration': {
    unit: 's',
    description: 'Duration of model calls.',
    boundaries: durationSeconds,
  },
  'gen_ai.client.operation.time_to_first_chunk': {
    unit: 's',
    description: 'Time from sending a streaming request to its first chunk.',
    boundaries: [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  },
  'gen_ai.client.token.usage': {
    unit: '{token}',
    description: 'Tokens read and written by models.',
    // Powers of four up to 4^13, as the conventions ask for.
    boundaries: Array.from({ length: 14 }, (_, power) => 4 ** power),
  },
};

/** The three ways of reporting a number. */
export interface Instruments {
  readonly count: (name: CounterName, value: number, labels?: Labels | Attributes) => void;
  readonly record: (name: HistogramName, value: number, labels?: Labels | Attributes) => void;
  readonly gauge: (name: GaugeName, value: number, labels?: Labels | Attributes) => void;
}

/** Creates every instrument once, with the units and buckets above. */
export function createInstruments(meter: Meter, { series }: Histograms<HistogramName>): Instruments {
  const counterOf = make(counterDefinitions, (name, definition) => meter.createCounter(name, definition));
  const gaugeOf = make(gaugeDefinitions, (name, definition) => meter.createGauge(name, definition));
  return {
    count: (name, value, labels) => counterOf.get(name)?.add(value, labels),
    record: (name, value, labels = {}) => series(name, labels)(value),
    gauge: (name, value, labels) => gaugeOf.get(name)?.record(value, labels),
  };
}

function make<D, I>(
  definitions: Readonly<Record<string, D>>,
  create: (name: string, definition: D) => I,
): ReadonlyMap<string, I> {
  return new Map(Object.entries(definitions).map(([name, definition]) => [name, create(name, definition)]));
}

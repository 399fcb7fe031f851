import { parseWorld } from './world.schema.ts';
import type { FacetsWorld, ReplayWorld } from './world.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A world file that has not been parsed. */
interface FacetsFile {
  readonly kind: string;
  readonly name: string;
  readonly agent: Fields & { readonly inputs: readonly Fields[] };
  readonly model: Fields;
  readonly shifts: readonly Fields[];
  readonly optimizer: Fields;
  readonly judge: Fields;
  readonly feedback: Fields;
}

/** The file of a world with every part in it, small enough to compute by hand. */
export const smallFacetsFile: FacetsFile = {
  kind: 'facets',
  name: 'small',
  agent: {
    systemPrompt: 'Sort the tickets of {{product}}.\nAnswer with the queue.',
    slots: { product: ['Mail', 'Drive and Photos'] },
    inputs: [
      { text: 'Charged twice', answer: 'billing', segment: 'money', difficulty: 0.2 },
      { text: 'It crashes', answer: 'bug', segment: 'product' },
      { text: 'Lost my password', answer: 'account' },
    ],
  },
  model: {
    baseAccuracy: 0.6,
    consistency: 0.5,
    wrongAnswers: ['billing', 'bug', 'account', 'other'],
    outputTokens: 10,
    latencyMs: 200,
    facets: [
      { id: 'listed', any: ['one of: billing', 'choose from'], effect: 0.6, segments: { money: 0.3 } },
      { id: 'verbose', any: ['explain in detail'], effect: -0.5, outputTokens: 40, latencyMs: 900 },
    ],
    interactions: [{ facets: ['listed', 'verbose'], effect: -0.4 }],
  },
  shifts: [{ atRequest: 100, baseAccuracy: 0.5, facets: { listed: { effect: -0.9 } } }],
  optimizer: {
    insight: 1,
    edits: [
      { intent: 'detail', op: 'insert', text: 'Explain in detail.', weight: 3 },
      { intent: 'list', op: 'insert', text: 'Choose from the queues.' },
      { intent: 'shorter', op: 'replace', find: 'Answer with the queue.', text: 'Name the queue.' },
    ],
  },
  judge: { falsePass: 0.1, falseFail: 0.2, facetBias: { verbose: 0.15 } },
  feedback: { delayRequests: [0, 20], missing: 0.3, flip: 0.05, withExpected: 0.4, withComment: 0.2 },
};

/** The file of a replay world: one model by record, its successor by accuracy only. */
export const smallReplayFile: {
  readonly kind: string;
  readonly name: string;
  readonly prompts: readonly { readonly id: string; readonly text: string }[];
  readonly baseline: string;
  readonly items: readonly {
    readonly id: string;
    readonly text: string;
    readonly answer: string;
    readonly segment: string;
  }[];
  readonly outcomes: { readonly old: Readonly<Record<'plain' | 'steps' | 'expert', string>> };
  readonly accuracy: { readonly new: Readonly<Record<'plain' | 'steps', number>> };
  readonly model: string;
  readonly shifts: readonly Fields[];
} = {
  kind: 'replay',
  name: 'small-replay',
  prompts: [
    { id: 'plain', text: 'Answer the question.' },
    { id: 'steps', text: 'Work it out step by step, then answer the question.' },
    { id: 'expert', text: 'You are an expert. Give the letter only.' },
  ],
  baseline: 'plain',
  items: [
    { id: 'i1', text: 'First?', answer: 'A', segment: 'law' },
    { id: 'i2', text: 'Second?', answer: 'B', segment: 'law' },
    { id: 'i3', text: 'Third?', answer: 'C', segment: 'art' },
    { id: 'i4', text: 'Fourth?', answer: 'D', segment: 'art' },
  ],
  outcomes: { old: { plain: '1000', steps: '1110', expert: '0101' } },
  accuracy: { new: { plain: 0.9, steps: 0.3 } },
  model: 'old',
  shifts: [{ atRequest: 50, model: 'new' }],
};

/** The small facets world with some fields of its parts replaced. */
export function smallFacetsWorld(
  changes: {
    model?: Fields;
    agent?: Fields;
    feedback?: Fields;
    optimizer?: Fields;
    shifts?: readonly Fields[];
  } = {},
): FacetsWorld {
  const { model, agent, feedback, optimizer, shifts } = changes;
  const world = parseWorld({
    ...smallFacetsFile,
    shifts: shifts ?? smallFacetsFile.shifts,
    model: { ...smallFacetsFile.model, ...model },
    agent: { ...smallFacetsFile.agent, ...agent },
    feedback: { ...smallFacetsFile.feedback, ...feedback },
    optimizer: { ...smallFacetsFile.optimizer, ...optimizer },
  });
  if (world.kind !== 'facets') throw new Error('the small world is one of facets');
  return world;
}

/** The small replay world with some fields replaced. */
export function smallReplayWorld(changes: Fields = {}): ReplayWorld {
  const world = parseWorld({ ...smallReplayFile, ...changes });
  if (world.kind !== 'replay') throw new Error('the small replay world is one of replay');
  return world;
}

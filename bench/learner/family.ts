import { createSeededRandom } from '../../src/runtime/seeded-random.ts';
import type { Random } from '../../src/domain/random.ts';
import type { World } from '../../src/upstream/simulated/world.ts';
import { parseWorld } from '../../src/upstream/simulated/world.schema.ts';

/**
 * What a family of related worlds is made from. These figures were fixed, and committed, before the learner was tuned
 * on anything; changing one makes earlier results worthless.
 */
const familySpec = {
  seed: 20_261_121,
  inputsPerWorld: 16,
  /** Range that each world's chance of a right answer is drawn from. */
  baseAccuracy: [0.42, 0.62],
  consistency: 0.5,
  /** Standard deviations: of the difficulty of inputs, and of a facet's effect from world to world, logits. */
  difficultyDeviation: 0.5,
  effectDeviation: 0.2,
  /** Chance that an edit does the opposite of what it does elsewhere in the family. */
  flipShare: 0.1,
  promptTokenPenalty: 0.0005,
  insight: 0.3,
} as const;

/** An idea that every world of the family knows: what it says, and its mean effect in logits. */
interface Idea {
  readonly id: string;
  readonly phrase: string;
  readonly text: string;
  readonly effect: number;
}

const ideas: readonly Idea[] = [
  {
    id: 'handbook',
    phrase: 'names of the handbook',
    text: 'Use only the names of the handbook.',
    effect: 0.7,
  },
  {
    id: 'evidence',
    phrase: 'sentence that decides',
    text: 'First find the sentence that decides the case.',
    effect: 0.45,
  },
  {
    id: 'two-desks',
    phrase: 'must act first',
    text: 'If two desks fit, take the one that must act first.',
    effect: 0.35,
  },
  { id: 'tone', phrase: 'warm and polite', text: 'Be warm and polite.', effect: 0 },
  { id: 'role', phrase: 'many years of experience', text: 'You have many years of experience.', effect: 0 },
  { id: 'brief', phrase: 'keep it short', text: 'Keep it short.', effect: 0.05 },
  { id: 'care', phrase: 'important to us', text: 'This is very important to us.', effect: 0 },
  { id: 'verbose', phrase: 'every detail', text: 'Explain every detail of your choice.', effect: -0.5 },
  { id: 'default', phrase: 'when in doubt', text: 'When in doubt, take the first desk.', effect: -0.35 },
  { id: 'hedge', phrase: 'never commit', text: 'Never commit to an answer too early.', effect: -0.45 },
];

/** Effect of the edit that lists a world's own desks; in every other world its text means nothing. */
const ownEffect = 0.5;

/** What each world is about, and its desks. */
const trades: readonly (readonly [string, readonly [string, string, string, string]])[] = [
  ['insurance claims', ['motor', 'home', 'travel', 'liability']],
  ['customer orders', ['stock', 'pricing', 'dispatch', 'export']],
  ['refund requests', ['cards', 'vouchers', 'disputes', 'goodwill']],
  ['sales enquiries', ['retail', 'wholesale', 'public', 'partners']],
  ['outage reports', ['network', 'storage', 'power', 'vendor']],
  ['supplier invoices', ['payable', 'tax', 'freight', 'audit']],
  ['hotel bookings', ['rooms', 'groups', 'events', 'spa']],
  ['passenger complaints', ['delay', 'baggage', 'crew', 'fares']],
  ['warranty cases', ['repair', 'replace', 'parts', 'legal']],
  ['parcel returns', ['damaged', 'unwanted', 'wrong', 'late']],
  ['contract changes', ['renewal', 'terms', 'notice', 'prices']],
  ['job applications', ['junior', 'senior', 'intern', 'contract']],
];

const frames: readonly ((trade: string) => string)[] = [
  (trade) =>
    `You sort ${trade} of {{company}}. Read the message and answer with the name of the desk that should handle it.`,
  (trade) =>
    `You sort ${trade} for {{company}}. Read each message carefully, then answer with the name of the desk that should handle it.`,
  (trade) =>
    `Your task is to sort ${trade} of {{company}}. Read the message and answer with the name of the one desk that should handle it.`,
];

/** Related worlds, always the same ones: some edits help in most of them, some only in one, some turn against a few. */
export function relatedWorlds(): readonly World[] {
  const random = createSeededRandom(familySpec.seed);
  return trades.map(([trade, desks], index) =>
    parseWorld({
      kind: 'facets',
      name: `family-${String(index + 1).padStart(2, '0')}`,
      agent: {
        systemPrompt: (frames[index % frames.length] ?? frames[0])?.(trade),
        slots: { company: ['Northwind', 'Acme', 'Contoso'] },
        inputs: Array.from({ length: familySpec.inputsPerWorld }, (_, input) => ({
          text: `Message ${input + 1} about ${trade}: case ${Math.floor(random.next() * 9000) + 1000}.`,
          answer: desks[Math.floor(random.next() * desks.length)],
          difficulty: familySpec.difficultyDeviation * normal(random),
        })),
      },
      model: modelOf(desks, random),
      optimizer: {
        insight: familySpec.insight,
        edits: [
          ...ideas.map(({ id, text }) => insertOf(id, text)),
          insertOf('list the desks', listing(desks)),
        ],
      },
      judge: { falsePass: 0.1, falseFail: 0.1, facetBias: { verbose: 0.15 } },
      feedback: {
        metric: 'score',
        delayRequests: [0, 100],
        missing: 0.3,
        flip: 0.02,
        withExpected: 0.3,
        withComment: 0.1,
      },
    }),
  );
}

function modelOf(desks: readonly string[], random: Random): unknown {
  const [low, high] = familySpec.baseAccuracy;
  return {
    baseAccuracy: low + (high - low) * random.next(),
    consistency: familySpec.consistency,
    wrongAnswers: desks,
    promptTokenPenalty: familySpec.promptTokenPenalty,
    outputTokens: 5,
    latencyMs: 200,
    facets: [
      ...ideas.map(({ id, phrase, effect }) => ({ id, any: [phrase], effect: effectIn(effect, random) })),
      { id: 'desks-listed', any: [listing(desks)], effect: effectIn(ownEffect, random) },
    ],
  };
}

function effectIn(mean: number, random: Random): number {
  const sign = random.next() < familySpec.flipShare ? -1 : 1;
  return sign * mean + (mean === 0 ? 0 : familySpec.effectDeviation * normal(random));
}

function listing(desks: readonly string[]): string {
  return `The desks are ${desks.join(', ')}.`;
}

function insertOf(intent: string, text: string): unknown {
  return { intent, op: 'insert', text, weight: 1 };
}

/** Box and Muller (1958). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

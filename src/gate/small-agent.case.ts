import { sampleArm } from '../bandit/sample.ts';
import { banditFold } from '../bandit/fold.ts';
import { applyEdits } from '../domain/apply-edits.ts';
import type { Campaign } from '../domain/campaign.ts';
import { conversationOf } from '../domain/agent-request.ts';
import { textOf, type Completion } from '../domain/chat.ts';
import type { Decision } from '../domain/decision.ts';
import type { Edit } from '../domain/edit.ts';
import type { Feedback } from '../domain/feedback.ts';
import { silentLogger } from '../domain/logger.ts';
import { defaultPrice } from '../domain/price.ts';
import { fillSkeleton, literalSkeleton, skeletonText } from '../domain/skeleton.ts';
import { defaultTaskConfig, type TaskConfig } from '../domain/task.ts';
import { makeVariant } from '../domain/variant.ts';
import { createSeededRandom } from '../runtime/seeded-random.ts';
import { createMemoryStore } from '../store/memory/memory-store.ts';
import type { ModelAnswer } from '../upstream/chat-model.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';
import type { Store } from '../store/store.ts';
import { silentTelemetry } from '../telemetry/telemetry.ts';
import type { GateDeps } from './gate-deps.ts';
import { campaignFor, chatAbout, decisionOf, feedbackOf, responseAbout } from './small-agent-records.case.ts';

export const taskId = 'task';
const basePrompt = 'You sort support tickets. Answer with the name of the queue.';

/** An agent with its users and a model, small enough to run thousands of requests in a second. */
export interface SmallAgent {
  readonly store: Store;
  readonly deps: GateDeps;
  /** Serves requests by the present routing, 2,000 a day, each with feedback and ground truth. */
  readonly serve: (count: number) => Promise<void>;
  readonly propose: (edits: readonly Edit[], id?: string) => Promise<Campaign>;
  /** The developer changes the prompt, which has come so often when the store hears of it; default settled. */
  readonly ship: (prompt: string, stableFor?: number) => Promise<void>;
  readonly advance: (ms: number) => void;
  readonly snapshot: () => Promise<TaskSnapshot>;
  /** How often each (prompt, ticket) was asked off the user's path. */
  readonly calls: ReadonlyMap<string, number>;
  /** Runs before each of those calls; throws where upstream is to fail. */
  readonly failWith: (failure: (() => void) | undefined) => void;
}

export interface SmallAgentSettings {
  readonly seed: number;
  /** Chance in [0, 1] of a right answer to a ticket under a prompt, from the given live request on. */
  readonly quality: (prompt: string, request: number, ticket: string) => number;
  /** Segment of a ticket; default none. */
  readonly segment?: (ticket: string) => string;
  /** Further metrics that users report of an answer under a prompt; default none. */
  readonly metrics?: (prompt: string, request: number) => Readonly<Record<string, number>>;
  readonly config?: Partial<TaskConfig>;
  /** Whether the agent asks for responses rather than for chat completions; default no. */
  readonly speaksResponses?: boolean;
  /** Share of feedback that carries ground truth, from the given live request on; default all. */
  readonly truth?: (request: number) => number;
  /** What a prompt adds to each answer beside its content, such as dots, which exact match does not see; default nothing. */
  readonly style?: (prompt: string) => string;
  /** What users make of an answer, 1 for a right and 0 for a wrong one, under a prompt; default the same. */
  readonly live?: (right: number, prompt: string) => number;
  /** Whether there is a model for graders of kind `judge`; default no. */
  readonly hasJudge?: boolean;
  /** What the judge makes of an answer, `right` or `wrong`; default the truth. */
  readonly isGood?: (answer: string) => boolean;
  /** What is recorded of requests that were served; default everything. */
  readonly recorded?: (decisions: readonly Decision[]) => readonly Decision[];
  /** Wraps the store that the gate sees, for tests of what breaks. */
  readonly wrap?: (store: Store) => Store;
}

const judgeModelName = 'judge';
const dayMs = 86_400_000;
const requestMs = dayMs / 2000;

export async function createSmallAgent(settings: SmallAgentSettings): Promise<SmallAgent> {
  const { seed, quality, config = {}, truth = () => 1, live = (right) => right, style = () => '' } = settings;
  const isGood = settings.isGood ?? ((answer) => answer === 'right');
  const random = createSeededRandom(seed);
  let nowMs = 1000 * dayMs;
  let served = 0;
  const clock = { now: () => nowMs };
  const store = createMemoryStore({ fold: banditFold, clock, random: createSeededRandom(seed + 1) });
  const calls = new Map<string, number>();
  let failure: (() => void) | undefined;
  const answer = (prompt: string, ticket: string): Completion => ({
    text: `${isRight(seed, prompt, ticket, quality(prompt, served, ticket)) ? 'right' : 'wrong'}${style(prompt)}`,
    toolCalls: [],
    finishReason: 'stop',
    refusal: null,
  });
  const model: GateDeps['model'] = {
    complete: async (request) => {
      failure?.();
      const messages = conversationOf(request);
      if (request.model === judgeModelName) return judgement(textOf(messages.at(-1)?.content), isGood);
      const [prompt = '', ticket = ''] = messages.map(({ content }) => textOf(content));
      const key = `${prompt}\n---\n${ticket}`;
      calls.set(key, (calls.get(key) ?? 0) + 1);
      return {
        completion: answer(prompt, ticket),
        usage: { inputTokens: 40, outputTokens: 2 },
        latencyMs: 300,
      };
    },
  };
  await store.registerTask({
    id: taskId,
    name: 'tickets',
    scope: 'scope',
    baseline: { version: 1, skeleton: literalSkeleton(basePrompt), stableFor: 100 },
    config: {
      ...defaultTaskConfig,
      budget: { usdPerDay: 5, shadowRequestsPerDay: 100_000, exploreShare: 0.1 },
      // Asked again every day, they would be in the way of tests that count calls.
      gate: { ...defaultTaskConfig.gate, pinnedRequests: 0 },
      ...config,
    },
    createdAtMs: nowMs,
  });
  const snapshot = async (): Promise<TaskSnapshot> => {
    const found = await store.readTask(taskId);
    if (found === undefined) throw new Error('the task is gone');
    return found;
  };
  return {
    store,
    calls,
    snapshot,
    failWith: (next) => {
      failure = next;
    },
    ship: async (prompt, stableFor = 100) => {
      const { version } = (await snapshot()).task.baseline;
      const skeleton = literalSkeleton(prompt);
      await store.saveBaseline(taskId, { version: version + 1, skeleton, stableFor });
    },
    advance: (ms) => {
      nowMs += ms;
    },
    deps: {
      store: settings.wrap?.(store) ?? store,
      model,
      judgeModelName: settings.hasJudge === true ? judgeModelName : null,
      clock,
      random: createSeededRandom(seed + 2),
      logger: silentLogger,
      telemetry: silentTelemetry,
      priceOf: () => defaultPrice,
    },
    propose: async (edits, id) => {
      const { plan, task } = await snapshot();
      const variant = makeVariant(taskId, plan.baselineVersion, edits);
      const name = id ?? `campaign-${variant.id}`;
      const whole = campaignFor(variant, { id: name, incumbentId: plan.incumbentId, atMs: nowMs });
      if (applyEdits(task.baseline.skeleton, edits) === undefined) throw new Error('the edits have no place');
      await store.addCampaign(whole);
      return whole;
    },
    serve: async (count) => {
      for (let left = count; left > 0; left -= batchMax) {
        const { task, plan, variants, routing } = await snapshot();
        const decisions: Decision[] = [];
        const feedback: Feedback[] = [];
        for (let index = 0; index < Math.min(left, batchMax); index++) {
          nowMs += requestMs;
          const drawn = sampleArm(routing.probabilities, random);
          const edits = variants.find(({ id }) => id === drawn.variantId)?.edits ?? [];
          const skeleton = applyEdits(task.baseline.skeleton, edits);
          const prompt = fillSkeleton(skeleton ?? task.baseline.skeleton, {});
          const ticket = `ticket ${served}`;
          const completion = answer(prompt, ticket);
          const own = skeletonText(task.baseline.skeleton);
          const request =
            settings.speaksResponses === true ? responseAbout(ticket, own) : chatAbout(ticket, own);
          const asked = { request, ticket, completion };
          const made = decisionOf({ ...drawn, ...asked, plan, atMs: nowMs, id: `d${served}` });
          const decision = { ...made, segment: settings.segment?.(ticket) ?? null };
          decisions.push(decision);
          const score = live(completion.text.startsWith('right') ? 1 : 0, prompt);
          const scored = feedbackOf(decision, score, random.next() < truth(served));
          feedback.push(scored);
          for (const [metric, value] of Object.entries(settings.metrics?.(prompt, served) ?? {}))
            feedback.push({
              ...scored,
              body: { ...scored.body, metric, value, expected: null },
              key: `${scored.key}/${metric}`,
            });
          served++;
        }
        await store.recordDecisions(settings.recorded?.(decisions) ?? decisions);
        await store.recordFeedback(feedback);
      }
    },
  };
}

/** A judge that finds the answers good that it is told to find good, and the one better that alone is. */
function judgement(payload: string, isGood: (answer: string) => boolean): ModelAnswer {
  const { answers }: { readonly answers: readonly [string, string] } = JSON.parse(payload);
  const [first, second] = [isGood(answers[0]), isGood(answers[1])];
  const better = first === second ? 'neither' : first ? 'first' : 'second';
  const text = JSON.stringify({
    reason: 'It is what it is.',
    first_passes: first,
    second_passes: second,
    better,
  });
  return {
    completion: { text, toolCalls: [], finishReason: 'stop', refusal: null },
    usage: { inputTokens: 100, outputTokens: 5 },
    latencyMs: 200,
  };
}

/** Routing is read anew after so many requests. */
const batchMax = 25;

/**
 * Luck is shared between prompts for six tickets in ten, so that pairing helps, and is the same whenever the same
 * prompt meets the same ticket.
 */
function isRight(seed: number, prompt: string, ticket: string, chance: number): boolean {
  const isShared = uniform(`${seed} kind ${ticket}`) < 0.6;
  return uniform(isShared ? `${seed} luck ${ticket}` : `${seed} luck ${ticket} ${prompt}`) < chance;
}

/** FNV-1a with a final mix: a uniform number in [0, 1) that hangs on every character. */
function uniform(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

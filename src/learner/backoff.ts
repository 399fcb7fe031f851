import type { LearnerMoment, TaskMemory } from './learner-memory.ts';

/** After k calls in a row that gave nothing new: 100·2^k feedbacks, at most 3,200. */
const feedbacksBase = 100;
const feedbacksMax = 3_200;

/** After k calls in a row that failed: 30 s·2^k, at most one hour. */
const retryBaseMs = 30_000;
const retryMaxMs = 3_600_000;

/** Doublings that are counted, so that the powers stay finite. */
const doublingsMax = 30;

/** Feedbacks to wait for after `fruitless` calls that gave nothing new; 0 after none. */
export function feedbacksToWait(fruitless: number): number {
  return fruitless === 0 ? 0 : Math.min(feedbacksMax, feedbacksBase * 2 ** Math.min(fruitless, doublingsMax));
}

/** Milliseconds to wait after `failures` calls that failed; 0 after none. */
export function retryDelayMs(failures: number): number {
  return failures === 0 ? 0 : Math.min(retryMaxMs, retryBaseMs * 2 ** Math.min(failures, doublingsMax));
}

/**
 * Whether a call may have something new to say: enough has been learned since the last fruitless ones, or there is
 * another incumbent; and a model that failed has been left in peace for long enough. `voices`, ≥ 1: how many
 * optimizers there are to ask, each of which may have nothing new once before the wait grows.
 */
export function isAskDue(memory: TaskMemory, now: LearnerMoment, voices: number = 1): boolean {
  const waitMs = memory.retryAtMs - now.nowMs;
  // Nothing waits longer than this, unless the clock has been set back.
  if (waitMs > 0 && waitMs <= retryMaxMs) return false;
  const hasLearned =
    now.feedbacks - memory.feedbacksAtAsk >= feedbacksToWait(Math.floor(memory.fruitless / voices));
  return hasLearned || now.incumbentKey !== memory.incumbentKeyAtAsk;
}

/** What a call came to: something new, nothing new, or no answer. */
export type AskOutcome = 'fruitful' | 'fruitless' | 'failed';

/** The memory after a call. A failure says nothing of the prompt, and a fruitless call nothing of the model's health. */
export function afterAsk(memory: TaskMemory, outcome: AskOutcome, now: LearnerMoment): TaskMemory {
  if (outcome === 'failed') {
    const failures = memory.failures + 1;
    return { ...memory, failures, retryAtMs: now.nowMs + retryDelayMs(failures) };
  }
  return {
    ...memory,
    failures: 0,
    retryAtMs: 0,
    turn: memory.turn + 1,
    fruitless: outcome === 'fruitful' ? 0 : memory.fruitless + 1,
    feedbacksAtAsk: now.feedbacks,
    incumbentKeyAtAsk: now.incumbentKey,
  };
}

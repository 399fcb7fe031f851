import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningWorld } from '../../upstream/simulated/running-world.ts';
import type { WorldServer } from '../../upstream/simulated/world-server.ts';
import { createFeedbackQueue } from './feedback-queue.ts';
import { scoresMax, type LiveAgent, type Score } from './live-agent.ts';
import type { LiveLook } from './live-look.ts';
import type { RunWatch } from './watch-run.ts';

/** Requests under way at a time. */
const concurrency = 8;

/** Pause between two posts of scores, milliseconds. */
const postMs = 20;

/** What a live run is made of. */
export interface LiveStage {
  readonly running: RunningWorld;
  readonly upstream: WorldServer;
  readonly agent: LiveAgent;
  readonly watch: RunWatch;
  readonly looking: LiveLook;
  /** What the agent aims at. */
  readonly requestsPerSecond: number;
}

/** The agent's part: asks at its pace, and scores what comes back when the world says so. Rejects if a request fails. */
export async function actLive(
  stage: LiveStage,
  { requests, signal }: { readonly requests: number; readonly signal: AbortSignal },
): Promise<void> {
  const queue = createFeedbackQueue<Score>();
  const outbox: Score[] = [];
  const asked = new AbortController();
  const startedMs = performance.now();
  let next = 0;
  const askInTurn = async (): Promise<void> => {
    while (next < requests && !signal.aborted) {
      const dueMs = startedMs + (next * 1000) / stage.requestsPerSecond;
      next += 1;
      await sleep(Math.max(0, dueMs - performance.now()));
      outbox.push(...(await askOnce(stage, queue)));
    }
  };
  const post = async (): Promise<void> => {
    while (!asked.signal.aborted || outbox.length > 0) {
      const scores = outbox.splice(0, scoresMax);
      await stage.agent.score(scores);
      stage.watch.feedback(scores.length);
      await sleep(postMs);
    }
  };
  const asking = Promise.all(Array.from({ length: concurrency }, askInTurn)).finally(() => asked.abort());
  await Promise.all([asking, post()]);
}

/** One request of the agent; resolves to the scores whose time has come with it. */
async function askOnce(
  { running, upstream, agent, watch, looking }: LiveStage,
  queue: ReturnType<typeof createFeedbackQueue<Score>>,
): Promise<readonly Score[]> {
  const request = running.agent.nextRequest();
  const answer = await agent.ask(request.body, request.episode);
  const planned = running.agent.feedbackFor(request, upstream.servedAnswer(answer.completionId));
  if (planned !== undefined) queue.add(planned.dueAtRequest, { decisionId: answer.decisionId, planned });
  const { snapshot, variants } = looking.seen();
  watch.served(request.number, variants.get(answer.variantId), snapshot);
  looking.answered();
  return queue.takeDue(request.number);
}

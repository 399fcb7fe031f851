import { assertDecision, type DecisionRef } from '../../domain/decision.ts';
import type { Feedback } from '../../domain/feedback.ts';
import type { CountedValue, EpisodeRow, FeedbackState } from './ledger-rows.ts';
import type { Ledger } from './ledger.ts';

/**
 * Finds what feedback is about. A signed decision counts by itself; its task may still be on its way, then the
 * feedback waits for the task. A name is a completion id, else an episode id, of the same scope; unknown, it waits.
 */
export function resolveTarget(
  ledger: Ledger,
  { target, scope }: Pick<Feedback, 'target' | 'scope'>,
): FeedbackState {
  if (target.kind === 'decision') return resolveDecision(ledger, target.ref);
  const decision = ledger.decisionNamed(scope, target.name);
  if (decision !== undefined) return resolveDecision(ledger, decision);
  const episodes = ledger.episodes(scope, target.name);
  if (episodes.every(({ taskId }) => ledger.task(taskId) === undefined))
    return { kind: 'pending', taskId: null };
  return { kind: 'resolved', scope, episodeId: target.name, decision: null };
}

function resolveDecision(ledger: Ledger, ref: DecisionRef): FeedbackState {
  const { decisionId, taskId, atMs, scope, episodeId } = ref;
  if (ledger.task(taskId) === undefined) return { kind: 'pending', taskId };
  const { draw } = ensureEpisode(ledger, ref);
  const isLearned = ref.attribution === 'drawn' && draw?.variantId === ref.variantId;
  return { kind: 'resolved', scope, episodeId, decision: { decisionId, taskId, atMs, isLearned } };
}

/**
 * The episode of a decision, made or completed by it. The first drawn decision that is seen says which variant the
 * episode keeps; should two replicas have drawn at once, the other variant's decisions are not learned from.
 */
export function ensureEpisode(ledger: Ledger, ref: DecisionRef): EpisodeRow {
  assertDecision(ref);
  const { scope, episodeId, taskId, atMs } = ref;
  const known = ledger.episodes(scope, episodeId).find((episode) => episode.taskId === taskId);
  if (known?.isDamaged === true) return known;
  const drawn =
    ref.attribution === 'drawn'
      ? {
          variantId: ref.variantId,
          propensity: ref.propensity,
          planVersion: ref.planVersion,
          decidedAtMs: atMs,
        }
      : null;
  const episode: EpisodeRow =
    known === undefined
      ? {
          scope,
          episodeId,
          taskId,
          startedAtMs: atMs,
          draw: drawn,
          observed: null,
          answeredAtMs: null,
          // Nobody knows how many of its kind were not answered, so it is no part of that count.
          isWindowClosed: ref.isUnrecorded === true,
        }
      : { ...known, startedAtMs: Math.min(known.startedAtMs, atMs), draw: earlierDraw(known.draw, drawn) };
  if (
    known === undefined ||
    known.startedAtMs !== episode.startedAtMs ||
    known.draw?.decidedAtMs !== episode.draw?.decidedAtMs
  )
    ledger.saveEpisode(episode);
  return episode;
}

function earlierDraw(known: EpisodeRow['draw'], drawn: EpisodeRow['draw']): EpisodeRow['draw'] {
  if (known === null || drawn === null) return known ?? drawn;
  if (known.variantId !== drawn.variantId) return known;
  return { ...known, decidedAtMs: Math.min(known.decidedAtMs, drawn.decidedAtMs) };
}

/**
 * The value of a key that counts: the newest given within the attribution window after its decision (or the start of
 * its episode). An equal value keeps the moment at which it was first given, so that repeats change nothing.
 */
export function countedValue(
  ledger: Ledger,
  { body: { metric, value }, atMs }: Pick<Feedback, 'body' | 'atMs'>,
  state: FeedbackState,
  counted: CountedValue | null,
): CountedValue | null {
  if (state.kind !== 'resolved' || metric === null || value === null) return counted;
  if (counted !== null && (atMs < counted.atMs || (counted.metric === metric && counted.value === value)))
    return counted;
  return isInTime(ledger, state, atMs) ? { metric, value, atMs } : counted;
}

function isInTime(
  ledger: Ledger,
  { scope, episodeId, decision }: Extract<FeedbackState, { kind: 'resolved' }>,
  atMs: number,
): boolean {
  return ledger
    .episodes(scope, episodeId)
    .filter(({ taskId }) => decision === null || decision.taskId === taskId)
    .some(({ taskId, startedAtMs }) => {
      const windowMs = ledger.task(taskId)?.config.gate.attributionWindowMs;
      return windowMs !== undefined && atMs - (decision?.atMs ?? startedAtMs) <= windowMs;
    });
}

import { contentHash } from '../../domain/content-hash.ts';
import type { Feedback, FeedbackBody, FeedbackOutcome, FeedbackReceipt } from '../../domain/feedback.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import { episodeValues } from './episode-values.ts';
import { placeTruths } from './ground-truth.ts';
import type { FeedbackRow, FeedbackState } from './ledger-rows.ts';
import type { Ledger } from './ledger.ts';
import { clockSetbackMs } from './limits.ts';
import { countedValue, resolveTarget } from './resolve-feedback.ts';
import { settleEpisode, type LedgerRules } from './settle-episode.ts';

/** The id of a stored feedback: equal for equal (scope, key), so that repeats find it. */
export function feedbackIdOf({ scope, key }: Pick<Feedback, 'scope' | 'key'>): string {
  return `feedback-${contentHash(scope, key)}`;
}

/**
 * Counts a batch in its order, one receipt each. A repeat that is still waiting is `pending` again. Throws
 * `invalid_feedback` for a key that was used for something else: then the whole batch counts nothing.
 */
export function countFeedback(
  ledger: Ledger,
  batch: readonly Feedback[],
  rules: LedgerRules,
): readonly FeedbackReceipt[] {
  return batch.map((feedback) => {
    const feedbackId = feedbackIdOf(feedback);
    return { feedbackId, outcome: countOne(ledger, feedback, feedbackId, rules) };
  });
}

function countOne(
  ledger: Ledger,
  received: Feedback,
  feedbackId: string,
  rules: LedgerRules,
): FeedbackOutcome {
  const known = ledger.feedback(feedbackId);
  const feedback = afterSetback(received, known?.feedback);
  const state = targetState(ledger, feedback, known);
  const merged = known === undefined ? feedback : mergeFeedback(known.feedback, feedback);
  // What comes now may be older than what has waited uncounted, or newer but too late: the newest in time counts.
  const given = countedValue(ledger, feedback, state, known?.counted ?? null);
  const counted = countedValue(ledger, merged, state, given);
  const firstAtMs = Math.min(feedback.atMs, known?.firstAtMs ?? feedback.atMs);
  const isRepeat =
    known !== undefined &&
    counted === known.counted &&
    isSameState(known.state, state) &&
    isSameBody(known.feedback.body, merged.body);
  if (isRepeat && firstAtMs === known.firstAtMs) return state.kind === 'pending' ? 'pending' : 'duplicate';
  const row = { feedbackId, feedback: merged, state, counted, firstAtMs, arrival: ledger.nextSequence() };
  const outcome = placeFeedback(ledger, row, known, rules);
  // What changed is only when it first came: a repeat that overtook what it repeats.
  return isRepeat && state.kind === 'resolved' ? 'duplicate' : outcome;
}

/** Stores a row, new or changed, and moves the bandit where its value counts. */
export function placeFeedback(
  ledger: Ledger,
  row: FeedbackRow,
  known: FeedbackRow | undefined,
  rules: LedgerRules,
): FeedbackOutcome {
  const { state, counted } = row;
  const hadValue = state.kind === 'resolved' && hasRival(ledger, row, state);
  ledger.saveFeedback(row);
  if (state.kind === 'pending') return 'pending';
  if (state.kind === 'expired') return 'noted';
  placeTruths(ledger, state.scope, state.episodeId);
  let isCounted = false;
  for (const episode of ledger.episodes(state.scope, state.episodeId)) {
    const learned = settleEpisode(ledger, episode, rules);
    if (counted === null || !isRewarded(ledger, episode.taskId, counted.metric)) continue;
    isCounted ||= learned.some(({ rows }) => rows.get(counted.metric) === row);
  }
  const isUnchanged = known !== undefined && counted === known.counted && known.state.kind === 'resolved';
  if (!isCounted || isUnchanged) return 'noted';
  return hadValue ? 'replaced' : 'counted';
}

function isRewarded(ledger: Ledger, taskId: string, metric: string): boolean {
  const config = ledger.task(taskId)?.config;
  return config !== undefined && Object.hasOwn(config.reward, metric);
}

function hasRival(
  ledger: Ledger,
  row: FeedbackRow,
  { scope, episodeId, decision }: Extract<FeedbackState, { kind: 'resolved' }>,
): boolean {
  const { counted } = row;
  if (counted === null) return false;
  return ledger
    .episodes(scope, episodeId)
    .flatMap(({ taskId }) => episodeValues(ledger.feedbackOf(scope, episodeId), taskId))
    .some(
      (target) =>
        (target.decision?.decisionId ?? null) === (decision?.decisionId ?? null) &&
        target.rows.has(counted.metric),
    );
}

/** A key belongs to what it was first used for; only feedback that found nothing yet may be sent for another id. */
function targetState(ledger: Ledger, feedback: Feedback, known: FeedbackRow | undefined): FeedbackState {
  const state =
    known?.state.kind === 'resolved' && isSameTarget(known.feedback, feedback)
      ? known.state
      : resolveTarget(ledger, feedback);
  if (known === undefined || known.state.kind === 'pending') return state;
  // A name of which nothing is known yet says nothing against its being the same.
  if (state.kind === 'pending') return known.state;
  if (known.state.kind === 'resolved' && !isSameState(known.state, state))
    throw new RatchetError('invalid_feedback', 'this key was used for another decision', { param: 'key' });
  return state;
}

function isSameTarget({ target }: Feedback, other: Feedback): boolean {
  if (target.kind === 'name') return other.target.kind === 'name' && target.name === other.target.name;
  return other.target.kind === 'decision' && target.ref.decisionId === other.target.ref.decisionId;
}

function isSameState(one: FeedbackState, other: FeedbackState): boolean {
  if (one.kind === 'pending') return other.kind === 'pending' && one.taskId === other.taskId;
  if (one.kind === 'expired') return other.kind === 'expired';
  return (
    other.kind === 'resolved' &&
    one.scope === other.scope &&
    one.episodeId === other.episodeId &&
    one.decision?.decisionId === other.decision?.decisionId
  );
}

/**
 * What comes later is older by so much only where a clock was set back; then it counts as of the moment of what it
 * corrects, or no correction would be taken before the clock has caught up.
 */
function afterSetback(received: Feedback, known: Feedback | undefined): Feedback {
  const isSetBack = known !== undefined && known.atMs - received.atMs > clockSetbackMs;
  return isSetBack ? { ...received, atMs: known.atMs } : received;
}

/** The newer of two contents of one key counts; what it leaves out stays as it was. */
function mergeFeedback(known: Feedback, feedback: Feedback): Feedback {
  const [older, newer] = feedback.atMs < known.atMs ? [feedback, known] : [known, feedback];
  const { metric, value } = newer.body.metric === null ? older.body : newer.body;
  const comment = newer.body.comment ?? older.body.comment;
  const expected = newer.body.expected ?? older.body.expected;
  return { ...newer, body: { metric, value, comment, expected }, target: feedback.target };
}

function isSameBody(one: FeedbackBody, other: FeedbackBody): boolean {
  return (
    one.metric === other.metric &&
    one.value === other.value &&
    one.comment === other.comment &&
    one.expected === other.expected
  );
}

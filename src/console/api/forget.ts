import type { AuditEntry } from '../../domain/audit-entry.ts';
import type { ForgetTarget } from '../../store/forgetting.ts';
import { auditName } from '../actor.ts';
import { forgetBody, forgottenSchema, type ForgottenView } from './actions.schema.ts';
import { operation, type Operation } from './operation.schema.ts';

/** Have the words of a user forgotten. */
export const forget: Operation<ForgottenView> = operation({
  id: 'forget',
  method: 'post',
  path: '/api/forget',
  tag: 'Actions',
  summary: 'Have the words of a user forgotten',
  description:
    'Deletes texts of requests and answers, comments, right answers and tags of feedback, and the answers of variants to these requests. What was counted stays: rewards, probabilities, ledgers, ids, hashes, times, costs. May be repeated, and broken off: what is gone is gone.',
  role: 'operator',
  body: forgetBody,
  result: forgottenSchema,
  handle: async ({ body: { target, reason }, actor, signal }, deps) => {
    const { store, clock, logger, flushDecisions } = deps;
    // What was served just now may still wait to be written.
    await flushDecisions();
    const audit: AuditEntry = {
      actor: auditName(actor),
      action: 'forget',
      taskId: null,
      subject: subjectOf(target),
      before: null,
      after: null,
      reason: reason ?? null,
      atMs: clock.now(),
    };
    let total: ForgottenView = { decisions: 0, feedback: 0, groundTruths: 0, shadowRuns: 0 };
    let from: string | null = null;
    do {
      const { next, ...part } = await store.forget(target, from, audit);
      total = addParts(total, part);
      from = next;
    } while (from !== null && !signal.aborted);
    logger.info('control.change', { actor: actor.id, action: 'forget', target: target.kind });
    return { kind: 'value', value: total };
  },
});

/** Taking a user's words out of what is stored. */
export const forgetOperations: readonly Operation[] = [forget];

function subjectOf(target: ForgetTarget): string {
  switch (target.kind) {
    case 'decision':
      return `decision ${target.decisionId}`;
    case 'episode':
      return `episode ${target.episodeId}${target.scope === undefined ? '' : ` of ${target.scope}`}`;
    case 'scope':
      return `scope ${target.scope}`;
  }
}

function addParts(one: ForgottenView, other: ForgottenView): ForgottenView {
  return {
    decisions: one.decisions + other.decisions,
    feedback: one.feedback + other.feedback,
    groundTruths: one.groundTruths + other.groundTruths,
    shadowRuns: one.shadowRuns + other.shadowRuns,
  };
}

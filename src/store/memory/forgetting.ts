import type { Forgetting, ForgetTarget } from '../forgetting.ts';
import type { FeedbackRow } from '../ledger/ledger-rows.ts';
import { addAudit } from './change-log.ts';
import type { MemoryContext } from './context.ts';
import { perTaskOf, type DecisionRecord, type Tables } from './tables.ts';
import { forgetTruth } from './truth-index.ts';

/** Forgetting in memory, all at once. */
export function memoryForgetting({ tables }: MemoryContext): Forgetting {
  return {
    forget: async (target, from, audit) => {
      if (from === null) addAudit(tables, audit);
      const ids = new Set<string>();
      let decisions = 0;
      for (const record of tables.decisions.values()) {
        if (!isMeant(record, target)) continue;
        ids.add(record.decision.decisionId);
        decisions += record.decision.content === null ? 0 : 1;
        forgetDecision(tables, record);
      }
      let feedback = 0;
      const feedbackIds = new Set<string>();
      for (const row of tables.feedback.values()) {
        if (!isAbout(row, target)) continue;
        feedbackIds.add(row.feedbackId);
        if (hasWords(row)) feedback += 1;
        const { body } = row.feedback;
        tables.feedback.set(row.feedbackId, {
          ...row,
          feedback: { ...row.feedback, tags: {}, body: { ...body, comment: null, expected: null } },
        });
      }
      const truths = [...tables.truths.values()].filter(
        ({ feedbackId, decisionId }) => feedbackIds.has(feedbackId) || ids.has(decisionId),
      );
      for (const truth of truths) forgetTruth(tables, truth);
      const runs = [...tables.shadowRuns].filter(([, { decisionId }]) => ids.has(decisionId));
      for (const [key] of runs) tables.shadowRuns.delete(key);
      return { decisions, feedback, groundTruths: truths.length, shadowRuns: runs.length, next: null };
    },
  };
}

function isMeant({ decision }: DecisionRecord, target: ForgetTarget): boolean {
  switch (target.kind) {
    case 'decision':
      return decision.decisionId === target.decisionId;
    case 'episode':
      return decision.episodeId === target.episodeId && isOfScope(decision.scope, target);
    case 'scope':
      return decision.scope === target.scope;
  }
}

function isAbout({ feedback, state }: FeedbackRow, target: ForgetTarget): boolean {
  const name = feedback.target.kind === 'name' ? feedback.target.name : feedback.target.ref.decisionId;
  const resolved = state.kind === 'resolved' ? state : null;
  const scope = resolved?.scope ?? feedback.scope;
  switch (target.kind) {
    case 'decision':
      return name === target.decisionId || resolved?.decision?.decisionId === target.decisionId;
    case 'episode':
      return (
        (name === target.episodeId || resolved?.episodeId === target.episodeId) && isOfScope(scope, target)
      );
    case 'scope':
      return scope === target.scope;
  }
}

function isOfScope(scope: string, target: { readonly scope?: string }): boolean {
  return target.scope === undefined || target.scope === scope;
}

function hasWords({ feedback: { body, tags } }: FeedbackRow): boolean {
  return body.comment !== null || body.expected !== null || Object.keys(tags).length > 0;
}

/** Lists of traces keep the record; readers pass over one without its text. */
function forgetDecision(tables: Tables, record: DecisionRecord): void {
  const { taskId, inputHash } = record.decision;
  perTaskOf(tables, taskId).inputs.get(inputHash)?.decisions.delete(record);
  record.decision = { ...record.decision, content: null };
}

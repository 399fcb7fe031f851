import type { DecisionDetail } from '../../console/api/decision.schema.ts';
import { readDecision, searchDecisions } from '../../console/api/decisions.ts';
import { decisionIdOf } from '../../console/decision-id-of.ts';
import { orNull } from '../../console/pages/or-null.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import type { Ask } from './control.ts';

/**
 * A decision by its id, bare or signed as in `x-ratchet-decision`, by the id of its completion, or the newest one of an
 * episode. Rejects with `unknown_decision` where there is no record of one.
 */
export async function findDecision(ask: Ask, name: string): Promise<DecisionDetail> {
  const exact = await orNull(ask(readDecision, { params: { decision: decisionIdOf(name) } }));
  if (exact !== null) return exact;
  for (const field of ['completion', 'episode']) {
    const { items } = await ask(searchDecisions, { query: { [field]: name, limit: '1' } });
    const [found] = items;
    if (found !== undefined) return ask(readDecision, { params: { decision: found.decisionId } });
  }
  throw new RatchetError(
    'unknown_decision',
    `there is no record of a decision, completion or episode "${name}"; nothing may be recorded of it, or it is past retention`,
  );
}

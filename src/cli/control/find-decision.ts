import type { DecisionDetail } from '../../console/api/decision.schema.ts';
import { readDecision, searchDecisions } from '../../console/api/decisions.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import type { Ask } from './control.ts';
import { orNull } from './find.ts';

/**
 * A decision by its id, bare or signed as in `x-ratchet-decision`, by the id of its completion, or the newest one of an
 * episode. Rejects with `unknown_decision` where there is no record of one.
 */
export async function findDecision(ask: Ask, name: string): Promise<DecisionDetail> {
  const decision = idInSigned(name) ?? name;
  const exact = await orNull(ask(readDecision, { params: { decision } }), 'unknown_decision', 'not_found');
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

/** What a signed id says it is about; whoever may read decisions needs no proof of it. */
function idInSigned(name: string): string | undefined {
  const payload = /^rd_([\w-]+)\.[\w-]+$/.exec(name)?.[1];
  if (payload === undefined) return undefined;
  try {
    const list: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const id: unknown = Array.isArray(list) ? list[1] : undefined;
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}

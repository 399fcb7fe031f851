import { RatchetError } from '../../domain/ratchet-error.ts';
import type { Actor } from '../actor.ts';
import type { Operation } from './operation.schema.ts';

/** Rejects with `forbidden` who may look but not change, where something would change. */
export function assertMay({ id, role }: Actor, { spec }: Operation): void {
  if (spec.role === 'operator' && role !== 'operator')
    throw new RatchetError('forbidden', `${id} may look, not change: the role operator is needed`);
}

import { createHash } from 'node:crypto';
import type { Campaign } from '../../domain/campaign.ts';
import type { ServingPlan } from '../../domain/plan.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';

/** The tag of a task's newest plan. */
export function planTag({ version }: Pick<ServingPlan, 'version'>): string {
  return `"plan-${version}"`;
}

/** The tag of a campaign. */
export function campaignTag({ revision }: Pick<Campaign, 'revision'>): string {
  return `"campaign-${revision}"`;
}

/** The tag of whatever has no version of its own. */
export function contentTag(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
}

/** Whether a list of tags, as `If-None-Match` and `If-Match` have it, names a tag (RFC 9110, 13.1). */
export function namesTag(list: string, tag: string): boolean {
  return list.split(',').some((one) => {
    const named = one.trim();
    return named === '*' || named === tag || named === `W/${tag}`;
  });
}

/** Throws `precondition_failed` where the client has seen something else than what is there. */
export function assertSeen(ifMatch: string | null, tag: string): void {
  if (ifMatch === null || namesTag(ifMatch, tag)) return;
  throw new RatchetError('precondition_failed', `it has changed since: it is ${tag} now`);
}

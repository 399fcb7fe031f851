import type { Attribution } from '../../../domain/decision.ts';
import { badge } from '../badge.ts';
import type { Html } from '../console-page.ts';

const attributions: Readonly<Record<Attribution, string>> = {
  drawn: 'drawn by the bandit: learned from',
  pinned: 'asked for by the caller, or by order of an operator: not learned from',
  unattributed: 'its episode’s variant could not be found in time, the incumbent served: not learned from',
  removed: 'its episode’s variant was taken away, the incumbent served: not learned from',
};

/** Why a variant was served. */
export function attributionBadge(attribution: Attribution): Html {
  return badge(attribution, attribution === 'drawn' ? 'quiet' : 'watch', attributions[attribution]);
}

/** The HTTP status of upstream; 0 where none arrived. */
export function statusBadge(status: number): Html {
  if (status === 0) return badge('no answer', 'bad', 'upstream did not answer, or the response broke off');
  return badge(String(status), status < 300 ? 'quiet' : 'bad');
}

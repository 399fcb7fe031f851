import type { BanditState, Routing } from './bandit-state.ts';

/**
 * Throws a RangeError unless a bandit keeps its invariants: probabilities of exactly its arms, each in (0, 1], that sum
 * to 1 within 1e-9; finite sums with 0 ≤ S ≤ N and obs ≤ sel. It is called on every state that is read and on
 * every one that is made. Gives the state back.
 */
export function assertBanditState(state: BanditState): BanditState {
  const fault = faultOf(state);
  if (fault !== undefined) throw new RangeError(`bandit under plan ${state.routing.planVersion}: ${fault}`);
  return state;
}

function faultOf({ arms, n, gN, gS, age, feedbacks, routing }: BanditState): string | undefined {
  for (const [id, { L, N, S, sel, obs }] of Object.entries(arms)) {
    if (!Number.isFinite(L) || !(N >= 0 && N < Infinity) || !(S >= 0 && S <= N))
      return `arm ${id} has L ${L}, N ${N}, S ${S}`;
    if (!(obs >= 0 && obs <= sel && sel < Infinity)) return `arm ${id} has ${obs} answers of ${sel}`;
  }
  if (!(n >= 0 && n < Infinity) || !(gN > 0 && gN < Infinity) || !(gS >= 0 && gS <= gN))
    return `n ${n}, gN ${gN}, gS ${gS}`;
  if (!(age <= 0 && age > -Infinity) || !Number.isSafeInteger(feedbacks) || feedbacks < 0)
    return `age ${age}, feedbacks ${feedbacks}`;
  return routingFault(routing, arms);
}

function routingFault(routing: Routing, arms: BanditState['arms']): string | undefined {
  const { probabilities, incumbentId, klMax } = routing;
  const ids = Object.keys(probabilities);
  if (ids.length !== Object.keys(arms).length || !ids.every((id) => Object.hasOwn(arms, id)))
    return 'probabilities and sums have different arms';
  if (!Object.hasOwn(arms, incumbentId)) return `the incumbent ${incumbentId} is not an arm`;
  const shares = Object.values(probabilities);
  if (!shares.every((share) => share > 0 && share <= 1)) return `probabilities ${shares.join(', ')}`;
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (!(Math.abs(total - 1) <= 1e-9)) return `probabilities sum to ${total}`;
  return klMax > 0 && klMax < Infinity ? undefined : `KL limit ${klMax}`;
}

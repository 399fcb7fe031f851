import type { ScreeningCheck } from '../domain/campaign.ts';
import { embedLocally, embedTexts, type EmbeddedTexts } from './embed-texts.ts';
import { promptParaphrases } from './prompt-paraphrases.ts';
import { alarmReserve } from './purse.ts';
import type { Session } from './session.ts';
import type { TaskView } from './task-view.ts';
import { atMost } from './trust-region.ts';

/** Cosine that prompts of one meaning are always granted to differ by, whatever an embedder finds. */
const cosineMax = 0.95;

/** Share of the paraphrases that may lie farther apart than the bound. */
const paraphraseShare = 0.05;

/**
 * How far a step leads the meaning of a prompt away, 1 − cosine of the embeddings of parent and candidate, against what
 * prompts of one meaning differ by under the same embedder: the 5th percentile of the cosine over paraphrases. Embedders
 * spread texts very differently, so that no number would do for all of them. Where no model embeds it is done locally by
 * character n-grams, which see words rather than meaning, and the bound is as wide as that.
 */
export async function promptDistanceCheck(
  { parent, candidate }: { readonly parent: string; readonly candidate: string },
  view: TaskView,
  session: Session,
): Promise<ScreeningCheck> {
  const texts = [parent, candidate, ...promptParaphrases.flat()];
  const embedded = (await embedTexts(texts, view, session, alarmReserve)) ?? embedLocally();
  const distance = 1 - embedded.cosineOf(parent, candidate);
  return atMost('prompt-distance', round(distance), round(distanceBound(embedded)));
}

/** 1 − the 5th percentile of the cosine over paraphrases, at least .05. */
export function distanceBound({ cosineOf }: Pick<EmbeddedTexts, 'cosineOf'>): number {
  const cosines = promptParaphrases.map(([one, other]) => cosineOf(one, other)).toSorted((a, b) => a - b);
  const percentile = cosines[Math.floor(paraphraseShare * cosines.length)] ?? cosineMax;
  return 1 - Math.min(cosineMax, percentile);
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

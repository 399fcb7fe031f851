import { isOpen, type Campaign } from '../../domain/campaign.ts';
import { editKey } from '../../domain/edit-key.ts';
import type { Edit } from '../../domain/edit.ts';
import { normalBelow } from '../../stats/normal-below.ts';
import type { EffectPrediction } from '../../stats/nested-effects.ts';
import type { EffectPrior } from './effect-prior.ts';
import { isTransferHurting, transferRecord, type TransferRecord } from './transfer-record.ts';
import { transplant } from './transplant.ts';
import { warmStartName } from './origins.ts';

/** What is brought from elsewhere must be expected to help by so much, with at least this chance that it does at all. */
const effectMin = 0.015;
const chanceMin = 0.65;

/** Transfers in a row that came to nothing on this task, after which it learns by itself. */
const failuresMax = 2;

/** An idea from other tasks, as it would be tried here. */
export interface Transfer {
  readonly edits: readonly Edit[];
  readonly prediction: EffectPrediction;
}

export type TransferPlan =
  /** Nothing, or nothing more, to bring. */
  | { readonly kind: 'none' }
  /** Transfers have been hurting tasks of this kind. */
  | { readonly kind: 'off'; readonly record: TransferRecord }
  /** Whole lists of edits, the first one to be tried first. */
  | {
      readonly kind: 'try';
      readonly candidates: readonly (readonly Edit[])[];
      readonly ranked: readonly Transfer[];
    };

export interface TransferGround {
  readonly prior: EffectPrior;
  /** The incumbent's prompt, slots as `{{name}}`, and its edits. */
  readonly prompt: string;
  readonly incumbentEdits: readonly Edit[];
  /** Of this task, oldest first. */
  readonly campaigns: readonly Campaign[];
  readonly growthCharactersMax: number;
}

/**
 * A warm start: edits that other tasks have measured, ranked by what the prior expects of them here. At first as many of
 * the best as one step may add are tried together, in one test: an effect three times as large takes a ninth of the
 * pairs. Where that came to nothing the best is tried alone, and after that the task learns by itself. The gate decides
 * about each of them as about any other proposal.
 */
export function planTransfer(ground: TransferGround): TransferPlan {
  const own = ground.campaigns.filter(({ proposal }) => proposal.optimizer === warmStartName);
  if (own.some(({ state }) => isOpen(state))) return { kind: 'none' };
  const record = transferRecord(ground.prior.transfers);
  if (isTransferHurting(record)) return { kind: 'off', record };
  const failures = own.length - 1 - own.findLastIndex(({ state }) => state === 'promoted');
  if (failures >= failuresMax) return { kind: 'none' };

  const ranked = rankTransfers(ground);
  const first = ranked[0];
  if (first === undefined) return { kind: 'none' };
  const together = failures === 0 ? fitting(ranked, ground.growthCharactersMax) : [first];
  const candidates = [together, ...ranked.map((one) => [one])].map((group) => [
    ...ground.incumbentEdits,
    ...group.flatMap(({ edits }) => edits),
  ]);
  return { kind: 'try', candidates, ranked };
}

/** Ideas of other tasks that may help here, the most promising first. */
function rankTransfers({ prior, prompt, incumbentEdits }: TransferGround): readonly Transfer[] {
  const present = new Set(incumbentEdits.map(editKey));
  return prior.elsewhere
    .flatMap(({ edits }): Transfer[] => {
      const moved = edits.flatMap((edit) => transplant(edit, prompt) ?? []);
      const isWhole = moved.length === edits.length;
      if (!isWhole || moved.some((edit) => present.has(editKey(edit)) || isContained(edit, prompt)))
        return [];
      const prediction = prior.predict(edits);
      return [{ edits: moved, prediction }];
    })
    .filter(({ prediction }) => prediction.mean >= effectMin && chanceOfGain(prediction) >= chanceMin)
    .toSorted((one, other) => other.prediction.mean - one.prediction.mean);
}

/** The chance in [0, 1] that an effect is above 0. */
export function chanceOfGain({ mean, deviation }: EffectPrediction): number {
  return normalBelow(mean / deviation);
}

function isContained(edit: Edit, prompt: string): boolean {
  return 'text' in edit && prompt.includes(edit.text);
}

/** The best ones that together add no more than one step may; at least the first. */
function fitting(ranked: readonly Transfer[], charactersMax: number): readonly Transfer[] {
  let characters = 0;
  return ranked.filter((transfer, index) => {
    const added = transfer.edits.reduce((sum, edit) => sum + ('text' in edit ? edit.text.length + 1 : 0), 0);
    if (index > 0 && characters + added > charactersMax) return false;
    characters += added;
    return true;
  });
}

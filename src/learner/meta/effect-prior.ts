import type { Campaign } from '../../domain/campaign.ts';
import type { Edit } from '../../domain/edit.ts';
import { skeletonText } from '../../domain/skeleton.ts';
import type { Baseline } from '../../domain/task.ts';
import { nestedEffects, type EffectPrediction, type NestedScales } from '../../stats/nested-effects.ts';
import type { Experience } from '../../store/campaign-store.ts';
import { measuredUnits, type MeasuredUnit } from './campaign-effect.ts';
import { warmStartName } from './origins.ts';
import { createTextGroups } from './group-texts.ts';

/** Prompts at least so like belong to one family; edits at least so like have one intent. */
const familyLikeness = 0.5;
const intentLikeness = 0.6;

/**
 * How much effects differ, on rewards in [0, 1]. Over real prompts of many tasks two thirds of the differences lie
 * within some ten points, about as much between wordings as between tasks.
 */
const scales: NestedScales = { root: 0.03, intent: 0.06, family: 0.04, task: 0.05 };

/** What is expected of edits in one task, from all that has been measured there and elsewhere. */
export interface EffectPrior {
  /** Of edits that belong together. */
  readonly predict: (edits: readonly Edit[]) => EffectPrediction;
  /** Of an idea that nobody has had yet. */
  readonly fresh: EffectPrediction;
  /** What has been measured in other tasks, each intent once, in its best-measured wording. */
  readonly elsewhere: readonly MeasuredUnit[];
  /** Ended transfers to tasks of this family, newest first, this one's own among them. */
  readonly transfers: readonly Campaign[];
}

/** Where the prior is asked. */
export interface PriorGround {
  readonly taskId: string;
  readonly baseline: Baseline;
  /** Of this task, of whatever version of its baseline. */
  readonly campaigns: readonly Campaign[];
  /** What live traffic says of this task's edits. */
  readonly credited: readonly MeasuredUnit[];
  readonly experience: readonly Experience[];
}

/**
 * The prior over task family × edit intent (`stats/nested-effects.ts`). Tasks with like prompts are a family, edits with
 * like texts an intent. What the task itself has measured is part of it, so that an idea that failed here in other words
 * is expected to fail again, whatever it did elsewhere.
 */
export function effectPrior(ground: PriorGround): EffectPrior {
  const { taskId, baseline, campaigns, credited, experience } = ground;
  const familyOf = createTextGroups(familyLikeness);
  const intentOf = createTextGroups(intentLikeness);
  const own = String(familyOf(skeletonText(baseline.skeleton)));
  const all = [
    ...campaigns.toReversed().map((campaign) => ({ campaign, family: own })),
    ...experience.map(({ campaign, baseline: { skeleton } }) => ({
      campaign,
      family: String(familyOf(skeletonText(skeleton))),
    })),
  ];
  const measuredIn = (task: string, family: string, unit: MeasuredUnit) => ({
    unit,
    task,
    family,
    intent: String(intentOf(textOfUnit(unit.edits))),
    effect: unit.effect,
    variance: unit.variance,
  });
  const measured = [
    ...credited.map((unit) => measuredIn(taskId, own, unit)),
    ...all.flatMap(({ campaign, family }) =>
      measuredUnits(campaign).map((unit) => measuredIn(campaign.taskId, family, unit)),
    ),
  ];
  const predict = nestedEffects(measured, scales);
  const foreign = measured.filter(({ task }) => task !== taskId);
  const best = new Map<string, MeasuredUnit>();
  for (const { intent, unit } of foreign.toSorted((one, other) => one.variance - other.variance))
    if (!best.has(intent)) best.set(intent, unit);
  return {
    predict: (edits) => predict({ intent: String(intentOf(textOfUnit(edits))), family: own, task: taskId }),
    fresh: predict({ intent: 'unseen', family: own, task: taskId }),
    elsewhere: [...best.values()],
    transfers: all.flatMap(({ campaign, family }) =>
      family === own && campaign.proposal.optimizer === warmStartName ? [campaign] : [],
    ),
  };
}

/** What edits put in, or take out where they put nothing in; why, where there is neither. */
function textOfUnit(edits: readonly Edit[]): string {
  return edits.map((edit) => ('text' in edit ? edit.text : `${edit.op} ${edit.find}`)).join('\n');
}

import { contractMetric } from '../domain/contract.ts';
import {
  defaultShadow,
  defaultTaskConfig,
  type ExpoChoice,
  type MetricConfig,
  type TaskConfig,
} from '../domain/task.ts';
import type { MetricEntry, TaskEntry } from './entries.ts';
import { toGraderConfig, type ReadSchema } from './grader-config.ts';
import { invalidConfiguration } from './invalid-configuration.ts';
import { faultOf } from './schema-fault.ts';
import { jsonSchemaOf, taskSchema } from './task.schema.ts';

/** Largest loss of score in a declared segment, where it names none. */
const sliceMargin = 0.1;

const scoreMetric = defaultTaskConfig.metrics['score'];

/**
 * A task configuration from JSON in the form of `ratchet.yaml`, defaults filled in. Throws `invalid_configuration`
 * naming the path within the task; a grader's schema must stand in the JSON itself.
 */
export function parseTaskConfig(json: unknown): TaskConfig {
  const parsed = taskSchema.safeParse(json);
  if (!parsed.success)
    throw faultOf(parsed.error.issues, jsonSchemaOf(taskSchema), (path) => ['task', ...path].join('.'));
  return toTaskConfig(parsed.data, (path) => {
    throw invalidConfiguration('task.graders', `a schema file (${path}) can only be named in ratchet.yaml`);
  });
}

/** The domain's configuration of a checked entry. `readSchema` may throw. */
export function toTaskConfig(task: TaskEntry, readSchema: ReadSchema): TaskConfig {
  const { budget, gate, learner } = defaultTaskConfig;
  const margin = task.gate?.margin ?? gate.margin;
  const declared = Object.entries(task.metrics ?? {}).map(
    ([metric, definition]) => [metric, toMetricConfig(definition, { margin, readSchema })] as const,
  );
  return {
    model: task.model ?? null,
    reward: task.reward ?? defaultTaskConfig.reward,
    metrics: {
      ...(scoreMetric === undefined ? {} : { score: scoreMetric }),
      ...(task.reward?.[contractMetric] === undefined ? {} : { [contractMetric]: contractMetricConfig }),
      ...Object.fromEntries(declared),
    },
    graders: task.graders?.map((grader) => toGraderConfig(grader, readSchema)) ?? defaultTaskConfig.graders,
    protect: task.protect ?? [],
    budget: {
      usdPerDay: task.budget?.usd_per_day ?? budget.usdPerDay,
      shadowRequestsPerDay: task.budget?.shadow_requests_per_day ?? budget.shadowRequestsPerDay,
      exploreShare: task.budget?.explore_share ?? budget.exploreShare,
    },
    gate: {
      alpha: task.gate?.alpha ?? gate.alpha,
      block: task.gate?.block ?? gate.block,
      margin,
      mde: task.gate?.mde ?? gate.mde,
      attributionWindowMs: task.gate?.attribution_window ?? gate.attributionWindowMs,
      approve: task.gate?.approve ?? gate.approve,
      isEditSizeLimited: task.gate?.limit_edit_size ?? gate.isEditSizeLimited,
      ...proofOf(task.gate),
    },
    ...(task.shadow === undefined
      ? {}
      : {
          shadow: {
            mode: task.shadow.mode ?? defaultShadow.mode,
            requestsPerMinute: task.shadow.requests_per_minute ?? defaultShadow.requestsPerMinute,
            turnsMax: task.shadow.turns ?? defaultShadow.turnsMax,
          },
        }),
    bandit: {
      policy: task.bandit?.policy ?? defaultTaskConfig.bandit.policy,
      windowFeedbacks: task.bandit?.half_life === undefined ? null : windowOf(task.bandit.half_life),
      ...(task.bandit?.prior === undefined ? {} : { prior: task.bandit.prior }),
    },
    ...(task.contract === undefined ? {} : { contract: contractOf(task.contract, readSchema) }),
    learner: {
      optimizers: task.learner?.optimizers ?? learner.optimizers,
      openCampaignsMax: task.learner?.open_campaigns ?? learner.openCampaignsMax,
      ...learningOf(task.learner),
      ...(task.learner?.examples === undefined ? {} : { examples: task.learner.examples }),
    },
  };
}

/** How learning goes about, as far as it was said: what is absent is learned. */
function learningOf(entry: TaskEntry['learner']): Partial<TaskConfig['learner']> {
  const {
    choice,
    batch_size: batchSize,
    horizon,
    step_metric: stepMetric,
    expo,
    meta_prompt: metaPrompt,
    warm_start: warmStart,
  } = entry ?? {};
  return {
    ...(choice === undefined ? {} : { choice }),
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(horizon === undefined ? {} : { horizon }),
    ...(stepMetric === undefined ? {} : { stepMetric }),
    ...(expo === undefined ? {} : { expo: expoOf(expo) }),
    ...(metaPrompt === undefined ? {} : { metaPrompt }),
    ...(warmStart === undefined ? {} : { warmStart }),
  };
}

/** How EXPO goes about, as far as it was said. */
function expoOf({
  estimator,
  eta,
  sum_decay: sumDecay,
  data_decay: dataDecay,
  floor,
}: NonNullable<NonNullable<TaskEntry['learner']>['expo']>): ExpoChoice {
  return {
    ...(estimator === undefined ? {} : { estimator }),
    ...(eta === undefined ? {} : { eta }),
    ...(sumDecay === undefined ? {} : { sumDecay }),
    ...(dataDecay === undefined ? {} : { dataDecay }),
    ...(floor === undefined ? {} : { floor }),
  };
}

/** What the metric of kept contracts means. */
const contractMetricConfig: MetricConfig = {
  type: 'boolean',
  range: [0, 1],
  optimize: 'max',
  guardrail: null,
};

function contractOf(
  entry: NonNullable<TaskEntry['contract']>,
  readSchema: ReadSchema,
): NonNullable<TaskConfig['contract']> {
  if (entry === 'off') return entry;
  const { output, inputs } = entry;
  const read = (schema: string | Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
    typeof schema === 'string' ? readSchema(schema) : schema;
  return {
    ...(output === undefined ? {} : { output: read(output) }),
    ...(inputs === undefined ? {} : { inputs: read(inputs) }),
  };
}

/** What a test has to show, as far as it was said: what is absent keeps its default. */
function proofOf(entry: TaskEntry['gate']): Partial<TaskConfig['gate']> {
  const { strict, mode, secondary, slices, pinned_requests: pinnedRequests } = entry ?? {};
  const margins = Object.entries(slices ?? {}).map(
    ([segment, { margin = sliceMargin }]) => [segment, { margin }] as const,
  );
  return {
    ...(strict === undefined ? {} : { isStrict: strict }),
    ...(secondary === undefined ? {} : { secondary }),
    ...(pinnedRequests === undefined ? {} : { pinnedRequests }),
    ...(mode === undefined ? {} : { modes: modesOf(mode) }),
    ...(slices === undefined ? {} : { slices: Object.fromEntries(margins) }),
  };
}

function modesOf({
  improve,
  prune,
}: NonNullable<NonNullable<TaskEntry['gate']>['mode']>): NonNullable<TaskConfig['gate']['modes']> {
  return {
    ...(improve === undefined ? {} : { improve }),
    ...(prune === undefined ? {} : { prune }),
  };
}

function toMetricConfig(
  metric: MetricEntry,
  { margin, readSchema }: { readonly margin: number; readonly readSchema: ReadSchema },
): MetricConfig {
  return {
    type: metric.type,
    range: metric.type === 'boolean' ? [0, 1] : (metric.range ?? [0, 1]),
    optimize: metric.optimize ?? 'max',
    guardrail: metric.guardrail === undefined ? null : { margin: metric.guardrail.margin ?? margin },
    ...(metric.grader === undefined ? {} : { grader: toGraderConfig(metric.grader, readSchema) }),
  };
}

/** The forgetting window W with half-life h: an observation keeps (1 − 1/W)^h = ½ of its weight. */
function windowOf(halfLife: number): number {
  return 1 / (1 - 2 ** (-1 / halfLife));
}

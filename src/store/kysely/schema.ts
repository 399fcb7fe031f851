import type { ColumnType, Insertable, Selectable } from 'kysely';

/**
 * The tables, as both engines know them. Structured values are JSON text, flags are 0 or 1, moments are milliseconds.
 */
export interface Schema {
  counters: CounterTable;
  secrets: SecretTable;
  tasks: TaskTable;
  bandits: BanditTable;
  plans: PlanTable;
  variants: VariantTable;
  decisions: DecisionTable;
  episodes: EpisodeTable;
  feedback: FeedbackTable;
  ground_truths: GroundTruthTable;
  reward_events: RewardEventTable;
  campaigns: CampaignTable;
  gate_states: GateStateTable;
  watch_events: WatchEventTable;
  shadow_runs: ShadowRunTable;
  pairs: PairTable;
  ledgers: LedgerTable;
  spends: SpendTable;
  leases: LeaseTable;
  baselines: BaselineTable;
  changes: ChangeTable;
  audit: AuditTable;
}

/** A 64-bit integer. SQLite gives a number, PostgreSQL's driver text: whoever reads it converts it. */
type Whole = ColumnType<number | string, number, number>;
type WholeOrNull = ColumnType<number | string | null, number | null, number | null>;

/** `sequence`: arrivals of feedback and reward events; `revision`: changes of tasks; `position`: order of rows. */
interface CounterTable {
  name: string;
  value: Whole;
}

interface LeaseTable {
  name: string;
  holder: string;
  beat: Whole;
}

/** Baselines that a newer version has replaced. */
interface BaselineTable {
  task_id: string;
  version: Whole;
  baseline: string;
}

interface ChangeTable {
  position: Whole;
  task_id: string;
  campaign_id: string | null;
  at_ms: Whole;
  change: string;
}

interface AuditTable {
  position: Whole;
  task_id: string | null;
  entry: string;
}

interface SecretTable {
  name: string;
  value: string;
}

interface TaskTable {
  id: string;
  name: string;
  scope: string;
  baseline: string;
  config: string;
  created_at_ms: Whole;
  /** Copies for queries: of the configuration, of the newest plan, and of the last change. */
  attribution_window_ms: Whole;
  plan_version: Whole;
  revision: Whole;
}

interface BanditTable {
  task_id: string;
  state: string;
  delays_ms: string;
  retired: string;
}

interface PlanTable {
  task_id: string;
  version: Whole;
  plan: string;
}

interface VariantTable {
  task_id: string;
  id: string;
  variant: string;
}

interface DecisionTable {
  decision_id: string;
  task_id: string;
  variant_id: string;
  propensity: number;
  plan_version: Whole;
  episode_id: string;
  at_ms: Whole;
  attribution: string;
  scope: string;
  baseline_version: Whole;
  completion_id: string | null;
  conversation_key: string | null;
  input_hash: string;
  /** What is only ever read as a whole. */
  details: string;
  content: string | null;
  /** What traces show: the decision's own reward, else its episode's. */
  reward: number | null;
  is_own_reward: number;
  /** Whether there is ground truth for the input. */
  has_expected: number;
}

interface EpisodeTable {
  episode_id: string;
  scope: string;
  task_id: string;
  started_at_ms: Whole;
  variant_id: string | null;
  propensity: number | null;
  plan_version: WholeOrNull;
  decided_at_ms: WholeOrNull;
  reward: number | null;
  credit: string | null;
  answered_at_ms: WholeOrNull;
  is_window_closed: number;
}

interface FeedbackTable {
  feedback_id: string;
  scope: string;
  key: string;
  source: string;
  tags: string;
  /** The name that was given, or the id of the signed decision, whose reference is then kept too. */
  target_name: string;
  target_ref: string | null;
  metric: string | null;
  value: number | null;
  comment: string | null;
  expected: string | null;
  at_ms: Whole;
  first_at_ms: Whole;
  arrival: Whole;
  /** `pending`, `expired` or `resolved`. */
  state: string;
  waiting_task_id: string | null;
  episode_scope: string | null;
  episode_id: string | null;
  decision_id: string | null;
  decision_task_id: string | null;
  decided_at_ms: WholeOrNull;
  is_learned: number;
  counted_metric: string | null;
  counted_value: number | null;
  counted_at_ms: WholeOrNull;
}

interface GroundTruthTable {
  feedback_id: string;
  task_id: string;
  input_hash: string;
  decision_id: string;
  expected: string;
  at_ms: Whole;
}

interface RewardEventTable {
  sequence: Whole;
  task_id: string;
  episode_id: string;
  variant_id: string;
  propensity: number;
  plan_version: Whole;
  reward: number;
  at_ms: Whole;
  decided_at_ms: Whole;
}

interface CampaignTable {
  id: string;
  task_id: string;
  position: Whole;
  revision: Whole;
  is_open: number;
  campaign: string;
}

interface GateStateTable {
  task_id: string;
  revision: Whole;
  state: string;
}

interface WatchEventTable {
  position: Whole;
  task_id: string;
  event: string;
}

interface ShadowRunTable {
  task_id: string;
  variant_id: string;
  decision_id: string;
  run: string;
  at_ms: Whole;
}

interface PairTable {
  campaign_id: string;
  unit_id: string;
}

/** One row per bar of a histogram, so that counts of many writers add up. */
interface LedgerTable {
  campaign_id: string;
  ledger: string;
  difference: Whole;
  count: Whole;
}

interface SpendTable {
  task_id: string;
  day: Whole;
  usd: number;
  shadow_requests: Whole;
  optimizer_calls: Whole;
  judge_calls: Whole;
  optimizer_tokens: Whole;
}

export type DecisionColumns = Selectable<DecisionTable>;
export type EpisodeColumns = Selectable<EpisodeTable>;
export type FeedbackColumns = Selectable<FeedbackTable>;
export type NewDecisionColumns = Insertable<DecisionTable>;
export type NewEpisodeColumns = Insertable<EpisodeTable>;
export type NewFeedbackColumns = Insertable<FeedbackTable>;

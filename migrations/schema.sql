CREATE TABLE "audit" ("position" bigint not null, "task_id" text, "entry" text not null, constraint "audit_key" primary key ("position"));

CREATE INDEX audit_by_task on audit (task_id, position);

CREATE TABLE "bandits" ("task_id" text not null, "state" text not null, "delays_ms" text not null, "retired" text not null, constraint "bandits_key" primary key ("task_id"));

CREATE INDEX bare_decisions on decisions (task_id, at_ms) where content is null;

CREATE TABLE "baselines" ("task_id" text not null, "version" bigint not null, "baseline" text not null, constraint "baselines_key" primary key ("task_id", "version"));

CREATE TABLE "campaigns" ("id" text not null, "task_id" text not null, "campaign" text not null, "position" bigint not null, "revision" bigint not null, "is_open" integer default 0 not null, constraint "campaigns_key" primary key ("id"));

CREATE INDEX "campaigns_by_task" on "campaigns" ("task_id", "position");

CREATE TABLE "changes" ("position" bigint not null, "task_id" text not null, "campaign_id" text, "at_ms" bigint not null, "change" text not null, constraint "changes_key" primary key ("position"));

CREATE INDEX changes_by_age on changes (at_ms);

CREATE INDEX changes_by_campaign on changes (campaign_id, position) where campaign_id is not null;

CREATE INDEX changes_by_task on changes (task_id, position);

CREATE TABLE "counters" ("name" text not null, "value" bigint not null, constraint "counters_key" primary key ("name"));

CREATE TABLE "decisions" ("decision_id" text not null, "task_id" text not null, "variant_id" text not null, "episode_id" text not null, "attribution" text not null, "scope" text not null, "input_hash" text not null, "details" text not null, "completion_id" text, "conversation_key" text, "content" text, "plan_version" bigint not null, "at_ms" bigint not null, "baseline_version" bigint not null, "propensity" double precision not null, "reward" double precision, "is_own_reward" integer default 0 not null, "has_expected" integer default 0 not null, constraint "decisions_key" primary key ("decision_id"));

CREATE INDEX "decisions_by_age" on "decisions" ("at_ms");

CREATE INDEX "decisions_by_completion" on "decisions" ("completion_id") where completion_id is not null;

CREATE INDEX "decisions_by_conversation" on "decisions" ("conversation_key") where conversation_key is not null;

CREATE INDEX "decisions_by_episode" on "decisions" ("episode_id");

CREATE INDEX drawn_episodes on episodes (task_id, decided_at_ms) where decided_at_ms is not null;

CREATE TABLE "episodes" ("episode_id" text not null, "scope" text not null, "task_id" text not null, "started_at_ms" bigint not null, "variant_id" text, "credit" text, "plan_version" bigint, "decided_at_ms" bigint, "answered_at_ms" bigint, "propensity" double precision, "reward" double precision, "is_window_closed" integer default 0 not null, constraint "episodes_key" primary key ("episode_id", "scope", "task_id"));

CREATE INDEX "episodes_by_age" on "episodes" ("started_at_ms");

CREATE TABLE "feedback" ("feedback_id" text not null, "scope" text not null, "key" text not null, "source" text not null, "tags" text not null, "target_name" text not null, "state" text not null, "target_ref" text, "metric" text, "comment" text, "expected" text, "waiting_task_id" text, "episode_scope" text, "episode_id" text, "decision_id" text, "decision_task_id" text, "counted_metric" text, "at_ms" bigint not null, "first_at_ms" bigint not null, "arrival" bigint not null, "decided_at_ms" bigint, "counted_at_ms" bigint, "value" double precision, "counted_value" double precision, "is_learned" integer default 0 not null, constraint "feedback_key" primary key ("feedback_id"));

CREATE INDEX "feedback_by_age" on "feedback" ("at_ms");

CREATE INDEX "feedback_by_episode" on "feedback" ("episode_id") where episode_id is not null;

CREATE INDEX "feedback_waiting_by_age" on "feedback" ("at_ms") where state = 'pending';

CREATE INDEX "feedback_waiting_for_name" on "feedback" ("target_name") where state = 'pending';

CREATE INDEX "feedback_waiting_for_task" on "feedback" ("waiting_task_id") where state = 'pending';

CREATE INDEX "feedback_with_comment" on "feedback" ("at_ms") where comment is not null;

CREATE INDEX "feedback_with_expected" on "feedback" ("at_ms") where expected is not null;

CREATE TABLE "gate_states" ("task_id" text not null, "state" text not null, "revision" bigint not null, constraint "gate_states_key" primary key ("task_id"));

CREATE TABLE "ground_truths" ("feedback_id" text not null, "task_id" text not null, "input_hash" text not null, "decision_id" text not null, "expected" text not null, "at_ms" bigint not null, constraint "ground_truths_key" primary key ("feedback_id"));

CREATE INDEX "ground_truths_by_age" on "ground_truths" ("at_ms");

CREATE INDEX "ground_truths_by_decision" on "ground_truths" ("decision_id");

CREATE INDEX "ground_truths_by_input" on "ground_truths" ("task_id", "input_hash", "at_ms");

CREATE TABLE "leases" ("name" text not null, "holder" text not null, "beat" bigint not null, constraint "leases_key" primary key ("name"));

CREATE TABLE "ledgers" ("campaign_id" text not null, "ledger" text not null, "difference" bigint not null, "count" bigint not null, constraint "ledgers_key" primary key ("campaign_id", "ledger", "difference"));

CREATE INDEX "open_windows" on "episodes" ("task_id", "decided_at_ms") where is_window_closed = 0 and decided_at_ms is not null;

CREATE TABLE "pairs" ("campaign_id" text not null, "unit_id" text not null, constraint "pairs_key" primary key ("campaign_id", "unit_id"));

CREATE TABLE "plans" ("task_id" text not null, "plan" text not null, "version" bigint not null, constraint "plans_key" primary key ("task_id", "version"));

CREATE TABLE "reward_events" ("sequence" bigint not null, "plan_version" bigint not null, "at_ms" bigint not null, "decided_at_ms" bigint not null, "task_id" text not null, "episode_id" text not null, "variant_id" text not null, "propensity" double precision not null, "reward" double precision not null, constraint "reward_events_key" primary key ("sequence"));

CREATE INDEX "reward_events_by_age" on "reward_events" ("at_ms");

CREATE INDEX "reward_events_by_task" on "reward_events" ("task_id", "sequence");

CREATE TABLE "secrets" ("name" text not null, "value" text not null, constraint "secrets_key" primary key ("name"));

CREATE TABLE "shadow_runs" ("task_id" text not null, "variant_id" text not null, "decision_id" text not null, "run" text not null, "at_ms" bigint not null, constraint "shadow_runs_key" primary key ("task_id", "variant_id", "decision_id"));

CREATE INDEX "shadow_runs_by_age" on "shadow_runs" ("at_ms");

CREATE INDEX shadow_runs_by_decision on shadow_runs (decision_id);

CREATE TABLE "spends" ("task_id" text not null, "day" bigint not null, "usd" double precision not null, "shadow_requests" bigint not null, "optimizer_calls" bigint not null, "judge_calls" bigint not null, "optimizer_tokens" bigint not null, constraint "spends_key" primary key ("task_id", "day"));

CREATE TABLE "tasks" ("id" text not null, "name" text not null, "scope" text not null, "baseline" text not null, "config" text not null, "created_at_ms" bigint not null, "attribution_window_ms" bigint not null, "plan_version" bigint not null, "revision" bigint not null, constraint "tasks_key" primary key ("id"));

CREATE INDEX "tasks_by_revision" on "tasks" ("revision");

CREATE INDEX "traces" on "decisions" ("task_id", "at_ms") where content is not null;

CREATE INDEX traces_by_input on decisions (task_id, input_hash) where content is not null;

CREATE INDEX "traces_with_expected" on "decisions" ("task_id", "at_ms") where content is not null and has_expected = 1;

CREATE INDEX "traces_with_reward" on "decisions" ("task_id", "at_ms") where content is not null and reward is not null;

CREATE TABLE "variants" ("task_id" text not null, "id" text not null, "variant" text not null, constraint "variants_key" primary key ("task_id", "id"));

CREATE TABLE "watch_events" ("task_id" text not null, "event" text not null, "position" bigint not null, constraint "watch_events_key" primary key ("position"));

CREATE INDEX "watch_events_by_task" on "watch_events" ("task_id", "position");

import { sql, type CreateTableBuilder, type Kysely } from 'kysely';

/**
 * The first tables. Types are those that SQLite and PostgreSQL share: `text`, `bigint`, `double precision`; flags are
 * `integer` 0 or 1, JSON is `text`. Partial indexes hold only rows that a query looks for.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createPlans(db);
  await createDecisions(db);
  await createFeedback(db);
  await createCampaigns(db);
  await createIndexes(db);
}

type Table = CreateTableBuilder<string, string>;

const text = (table: Table, ...names: readonly string[]): Table =>
  names.reduce((built, name) => built.addColumn(name, 'text', (column) => column.notNull()), table);
const textOrNull = (table: Table, ...names: readonly string[]): Table =>
  names.reduce((built, name) => built.addColumn(name, 'text'), table);
const whole = (table: Table, ...names: readonly string[]): Table =>
  names.reduce((built, name) => built.addColumn(name, 'bigint', (column) => column.notNull()), table);
const wholeOrNull = (table: Table, ...names: readonly string[]): Table =>
  names.reduce((built, name) => built.addColumn(name, 'bigint'), table);
const real = (table: Table, ...names: readonly string[]): Table =>
  names.reduce(
    (built, name) => built.addColumn(name, 'double precision', (column) => column.notNull()),
    table,
  );
const realOrNull = (table: Table, ...names: readonly string[]): Table =>
  names.reduce((built, name) => built.addColumn(name, 'double precision'), table);
const flag = (table: Table, ...names: readonly string[]): Table =>
  names.reduce(
    (built, name) => built.addColumn(name, 'integer', (column) => column.notNull().defaultTo(0)),
    table,
  );
const keyed = (table: Table, name: string, ...columns: readonly string[]): Table =>
  table.addPrimaryKeyConstraint(`${name}_key`, [...columns]);

async function createPlans(db: Kysely<unknown>): Promise<void> {
  const make = (name: string): Table => db.schema.createTable(name);
  await keyed(whole(text(make('counters'), 'name'), 'value'), 'counters', 'name').execute();
  await keyed(text(make('secrets'), 'name', 'value'), 'secrets', 'name').execute();
  const tasks = text(make('tasks'), 'id', 'name', 'scope', 'baseline', 'config');
  await keyed(
    whole(tasks, 'created_at_ms', 'attribution_window_ms', 'plan_version', 'revision'),
    'tasks',
    'id',
  ).execute();
  await keyed(
    text(make('bandits'), 'task_id', 'state', 'delays_ms', 'retired'),
    'bandits',
    'task_id',
  ).execute();
  await keyed(
    whole(text(make('plans'), 'task_id', 'plan'), 'version'),
    'plans',
    'task_id',
    'version',
  ).execute();
  await keyed(text(make('variants'), 'task_id', 'id', 'variant'), 'variants', 'task_id', 'id').execute();
  await sql`insert into counters (name, value) values ('sequence', 0), ('revision', 0), ('position', 0)`.execute(
    db,
  );
}

async function createDecisions(db: Kysely<unknown>): Promise<void> {
  const make = (name: string): Table => db.schema.createTable(name);
  let decisions = text(make('decisions'), 'decision_id', 'task_id', 'variant_id', 'episode_id');
  decisions = text(decisions, 'attribution', 'scope', 'input_hash', 'details');
  decisions = textOrNull(decisions, 'completion_id', 'conversation_key', 'content');
  decisions = whole(decisions, 'plan_version', 'at_ms', 'baseline_version');
  decisions = flag(realOrNull(real(decisions, 'propensity'), 'reward'), 'is_own_reward', 'has_expected');
  await keyed(decisions, 'decisions', 'decision_id').execute();

  let episodes = whole(text(make('episodes'), 'episode_id', 'scope', 'task_id'), 'started_at_ms');
  episodes = textOrNull(episodes, 'variant_id', 'credit');
  episodes = wholeOrNull(episodes, 'plan_version', 'decided_at_ms', 'answered_at_ms');
  episodes = flag(realOrNull(episodes, 'propensity', 'reward'), 'is_window_closed');
  await keyed(episodes, 'episodes', 'episode_id', 'scope', 'task_id').execute();
}

async function createFeedback(db: Kysely<unknown>): Promise<void> {
  const make = (name: string): Table => db.schema.createTable(name);
  let feedback = text(
    make('feedback'),
    'feedback_id',
    'scope',
    'key',
    'source',
    'tags',
    'target_name',
    'state',
  );
  feedback = textOrNull(feedback, 'target_ref', 'metric', 'comment', 'expected', 'waiting_task_id');
  feedback = textOrNull(feedback, 'episode_scope', 'episode_id', 'decision_id', 'decision_task_id');
  feedback = wholeOrNull(
    whole(textOrNull(feedback, 'counted_metric'), 'at_ms', 'first_at_ms', 'arrival'),
    'decided_at_ms',
  );
  feedback = realOrNull(wholeOrNull(feedback, 'counted_at_ms'), 'value', 'counted_value');
  await keyed(flag(feedback, 'is_learned'), 'feedback', 'feedback_id').execute();

  const truths = text(
    make('ground_truths'),
    'feedback_id',
    'task_id',
    'input_hash',
    'decision_id',
    'expected',
  );
  await keyed(whole(truths, 'at_ms'), 'ground_truths', 'feedback_id').execute();

  let events = whole(make('reward_events'), 'sequence', 'plan_version', 'at_ms', 'decided_at_ms');
  events = real(text(events, 'task_id', 'episode_id', 'variant_id'), 'propensity', 'reward');
  await keyed(events, 'reward_events', 'sequence').execute();
}

async function createCampaigns(db: Kysely<unknown>): Promise<void> {
  const make = (name: string): Table => db.schema.createTable(name);
  const campaigns = whole(text(make('campaigns'), 'id', 'task_id', 'campaign'), 'position', 'revision');
  await keyed(flag(campaigns, 'is_open'), 'campaigns', 'id').execute();
  await keyed(
    whole(text(make('gate_states'), 'task_id', 'state'), 'revision'),
    'gate_states',
    'task_id',
  ).execute();
  const watchEvents = whole(text(make('watch_events'), 'task_id', 'event'), 'position');
  await keyed(watchEvents, 'watch_events', 'position').execute();
  const runs = whole(text(make('shadow_runs'), 'task_id', 'variant_id', 'decision_id', 'run'), 'at_ms');
  await keyed(runs, 'shadow_runs', 'task_id', 'variant_id', 'decision_id').execute();
  await keyed(text(make('pairs'), 'campaign_id', 'unit_id'), 'pairs', 'campaign_id', 'unit_id').execute();
  const ledgers = whole(text(make('ledgers'), 'campaign_id', 'ledger'), 'difference', 'count');
  await keyed(ledgers, 'ledgers', 'campaign_id', 'ledger', 'difference').execute();
  let spends = real(whole(text(make('spends'), 'task_id'), 'day'), 'usd');
  spends = whole(spends, 'shadow_requests', 'optimizer_calls', 'judge_calls', 'optimizer_tokens');
  await keyed(spends, 'spends', 'task_id', 'day').execute();
}

/** Name, table, columns, and the condition of a partial index. */
const indexes: readonly (readonly [string, string, readonly string[], string?])[] = [
  ['tasks_by_revision', 'tasks', ['revision']],
  ['decisions_by_age', 'decisions', ['at_ms']],
  ['decisions_by_completion', 'decisions', ['completion_id'], 'completion_id is not null'],
  ['decisions_by_conversation', 'decisions', ['conversation_key'], 'conversation_key is not null'],
  ['decisions_by_episode', 'decisions', ['episode_id']],
  ['decisions_by_input', 'decisions', ['task_id', 'input_hash']],
  ['traces', 'decisions', ['task_id', 'at_ms'], 'content is not null'],
  ['traces_with_reward', 'decisions', ['task_id', 'at_ms'], 'content is not null and reward is not null'],
  ['traces_with_expected', 'decisions', ['task_id', 'at_ms'], 'content is not null and has_expected = 1'],
  ['episodes_by_age', 'episodes', ['started_at_ms']],
  [
    'open_windows',
    'episodes',
    ['task_id', 'decided_at_ms'],
    'is_window_closed = 0 and decided_at_ms is not null',
  ],
  ['feedback_by_age', 'feedback', ['at_ms']],
  ['feedback_by_episode', 'feedback', ['episode_id'], 'episode_id is not null'],
  ['feedback_waiting_for_name', 'feedback', ['target_name'], "state = 'pending'"],
  ['feedback_waiting_for_task', 'feedback', ['waiting_task_id'], "state = 'pending'"],
  ['feedback_waiting_by_age', 'feedback', ['at_ms'], "state = 'pending'"],
  ['feedback_with_comment', 'feedback', ['at_ms'], 'comment is not null'],
  ['feedback_with_expected', 'feedback', ['at_ms'], 'expected is not null'],
  ['ground_truths_by_age', 'ground_truths', ['at_ms']],
  ['ground_truths_by_decision', 'ground_truths', ['decision_id']],
  ['ground_truths_by_input', 'ground_truths', ['task_id', 'input_hash', 'at_ms']],
  ['reward_events_by_age', 'reward_events', ['at_ms']],
  ['reward_events_by_task', 'reward_events', ['task_id', 'sequence']],
  ['campaigns_by_task', 'campaigns', ['task_id', 'position']],
  ['watch_events_by_task', 'watch_events', ['task_id', 'position']],
  ['shadow_runs_by_age', 'shadow_runs', ['at_ms']],
];

async function createIndexes(db: Kysely<unknown>): Promise<void> {
  for (const [name, table, columns, condition] of indexes) {
    const where = condition === undefined ? sql`` : sql` where ${sql.raw(condition)}`;
    await sql`create index ${sql.ref(name)} on ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))})${where}`.execute(
      db,
    );
  }
}

import Database from 'better-sqlite3';
import { Client } from 'pg';
import { expect } from 'vitest';
import type { SentFeedback } from './traffic.ts';

/** Feedback that a server acknowledged. */
export function acknowledged(feedback: readonly SentFeedback[]): readonly SentFeedback[] {
  return feedback.filter(({ status }) => status === 200 || status === 202);
}

type Evidence = ReadonlyMap<string, { readonly state: string; readonly counted: number }>;

interface EvidenceRow {
  readonly key: string;
  readonly state: string;
  readonly counted: number | string;
}

const evidenceQuery = `select key, state,
  (select count(*) from reward_events where episode_id = feedback.episode_id) as counted from feedback`;

/** What a database holds of feedback: each key with its state, and how often the episode that it is about was counted. */
export function readEvidence(path: string): Evidence {
  const database = new Database(path, { readonly: true });
  const rows = database.prepare(evidenceQuery).all() as readonly EvidenceRow[];
  database.close();
  return evidenceOf(rows);
}

function evidenceOf(rows: readonly EvidenceRow[]): Evidence {
  return new Map(rows.map(({ key, state, counted }) => [key, { state, counted: Number(counted) }]));
}

/** Every feedback that was acknowledged is there and counted once; what was never acknowledged at most once. */
export function expectCountedOnce(feedback: readonly SentFeedback[], path: string): void {
  expectOnce(feedback, readEvidence(path));
}

/** The same of a database on a server, and that each task's bandit has observed just what is recorded. */
export async function expectCountedOnceOn(feedback: readonly SentFeedback[], url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<EvidenceRow>(evidenceQuery);
  const tasks = await client.query<{ readonly state: string; readonly events: string }>(
    'select state, (select count(*) from reward_events where task_id = bandits.task_id) as events from bandits',
  );
  await client.end();
  expectOnce(feedback, evidenceOf(rows));
  for (const { state, events } of tasks.rows) {
    const { feedbacks }: { readonly feedbacks: number } = JSON.parse(state);
    expect(feedbacks).toBe(Number(events));
  }
}

function expectOnce(feedback: readonly SentFeedback[], evidence: Evidence): void {
  const wrong = acknowledged(feedback).filter(({ key }) => {
    const found = evidence.get(key);
    return found?.state !== 'resolved' || found.counted !== 1;
  });
  expect(wrong).toEqual([]);
  expect(Math.max(0, ...[...evidence.values()].map(({ counted }) => counted))).toBeLessThanOrEqual(1);
}

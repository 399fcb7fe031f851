import Database from 'better-sqlite3';
import { expect } from 'vitest';
import type { SentFeedback } from './traffic.ts';

/** Feedback that a server acknowledged. */
export function acknowledged(feedback: readonly SentFeedback[]): readonly SentFeedback[] {
  return feedback.filter(({ status }) => status === 200 || status === 202);
}

/** What a database holds of feedback: each key with its state, and how often the episode that it is about was counted. */
export function readEvidence(
  path: string,
): ReadonlyMap<string, { readonly state: string; readonly counted: number }> {
  const database = new Database(path, { readonly: true });
  const rows = database
    .prepare(
      `select key, state, (select count(*) from reward_events where episode_id = feedback.episode_id) as counted
       from feedback`,
    )
    .all() as readonly { readonly key: string; readonly state: string; readonly counted: number }[];
  database.close();
  return new Map(rows.map(({ key, state, counted }) => [key, { state, counted }]));
}

/** Every feedback that was acknowledged is there and counted once; what was never acknowledged at most once. */
export function expectCountedOnce(feedback: readonly SentFeedback[], path: string): void {
  const evidence = readEvidence(path);
  const wrong = acknowledged(feedback).filter(({ key }) => {
    const found = evidence.get(key);
    return found?.state !== 'resolved' || found.counted !== 1;
  });
  expect(wrong).toEqual([]);
  expect(Math.max(0, ...[...evidence.values()].map(({ counted }) => counted))).toBeLessThanOrEqual(1);
}

import type { RecordedChange } from '../../domain/change-event.ts';
import { listChanges } from '../api/logs.ts';
import type { Ask } from './console-page.ts';

/** Changes of one reading of the log, and readings that are made at most. */
const readMax = 500;
const readingsMax = 10;

/** A change, with how many like it came right before. */
export interface ToldChange {
  readonly change: RecordedChange;
  /** Looks of the gate at a campaign that left it in its state are told as one. */
  readonly looks: number;
}

/** The newest changes up to a place in the log, newest first; `before`: where older ones are, 0 where there are none. */
export async function readNewestChanges(
  ask: Ask,
  {
    taskId,
    before,
    most,
  }: { readonly taskId: string; readonly before: number | null; readonly most: number },
): Promise<{ readonly items: readonly ToldChange[]; readonly before: number }> {
  const ofTask = taskId === '' ? {} : { task: taskId };
  let end = before ?? (await ask(listChanges, { query: { limit: '1' } })).newest + 1;
  const told: ToldChange[] = [];
  for (let reading = 0; reading < readingsMax && end > 1; reading += 1) {
    const start = Math.max(0, end - 1 - readMax);
    const { items } = await ask(listChanges, {
      query: { ...ofTask, after: String(start), limit: String(readMax) },
    });
    for (const change of items.toReversed()) {
      if (change.position >= end) continue;
      const at = placeOfSame(told, change);
      const like = told[at];
      if (like !== undefined) told[at] = { change: like.change, looks: like.looks + 1 };
      else if (told.length === most) return { items: told, before: change.position + 1 };
      else told.push({ change, looks: 1 });
    }
    end = start + 1;
  }
  return { items: told, before: end > 1 ? end : 0 };
}

/** Where the gate's next look at the same campaign is told, if that left it in the same state; else -1. */
function placeOfSame(told: readonly ToldChange[], change: RecordedChange): number {
  if (change.kind !== 'campaign-changed') return -1;
  const at = told.findLastIndex(
    (one) => one.change.kind === 'campaign-changed' && one.change.campaignId === change.campaignId,
  );
  const next = told[at]?.change;
  return next?.kind === 'campaign-changed' && next.state === change.state ? at : -1;
}

import type { DecisionStore, EpisodeRecord } from '../decision-store.ts';
import { adoptDecisions } from '../ledger/adopt-decisions.ts';
import type { EpisodeRow } from '../ledger/ledger-rows.ts';
import { openLedger, pairKey } from '../ledger/ledger.ts';
import { applyLedger, ledgerSource } from './ledger-source.ts';
import type { MemoryContext } from './context.ts';

/** Decisions in memory. */
export function memoryDecisions({ tables, rules }: MemoryContext): DecisionStore {
  return {
    recordDecisions: async (decisions) => {
      const ledger = openLedger(ledgerSource(tables));
      adoptDecisions(ledger, decisions, rules());
      applyLedger(tables, ledger.changes());
    },
    findEpisode: async (scope, key, taskId) => {
      const named = firstDrawn(tables.episodes.get(pairKey(scope, key)) ?? [], taskId);
      if (named !== undefined) return named;
      const pair = pairKey(scope, key);
      const found =
        tables.conversations.get(taskId === undefined ? pair : pairKey(pair, taskId))?.decision ??
        tables.completions.get(pair)?.decision;
      if (found === undefined || (taskId !== undefined && found.taskId !== taskId)) return undefined;
      return firstDrawn(tables.episodes.get(pairKey(scope, found.episodeId)) ?? [], found.taskId);
    },
  };
}

function firstDrawn(rows: readonly EpisodeRow[], taskId: string | undefined): EpisodeRecord | undefined {
  const found = rows
    .filter((row) => row.draw !== null && (taskId === undefined || row.taskId === taskId))
    .toSorted((one, other) => one.startedAtMs - other.startedAtMs || (one.taskId < other.taskId ? -1 : 1))[0];
  if (found?.draw === undefined || found.draw === null) return undefined;
  const { variantId, propensity, planVersion } = found.draw;
  return { episodeId: found.episodeId, taskId: found.taskId, variantId, propensity, planVersion };
}

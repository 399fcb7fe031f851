import { beforeAll, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { simulateWorld } from '../../src/cli/world-run/simulate-world.ts';
import type { Decision } from '../../src/domain/decision.ts';
import type { Pair } from '../../src/domain/shadow-run.ts';
import { packageRoot } from '../../src/runtime/package-root.ts';
import type { Store } from '../../src/store/store.ts';
import { loadWorld } from '../../src/upstream/simulated/load-world.ts';

describe('the evidence of every test in a run with learner and gate', () => {
  const decisions = new Map<string, Decision[]>();
  const pairs: Pair[] = [];
  let store: Store | undefined;
  beforeAll(async () => {
    await simulateWorld({
      world: await loadWorld(join(packageRoot(), 'worlds', 'contract-clauses.json')),
      seed: 3,
      requests: 4000,
      wrapStore: (made) => {
        store = {
          ...made,
          recordDecisions: async (batch) => {
            for (const decision of batch)
              decisions.set(decision.episodeId, [...(decisions.get(decision.episodeId) ?? []), decision]);
            await made.recordDecisions(batch);
          },
          recordPairs: async (batch) => {
            pairs.push(...batch);
            await made.recordPairs(batch);
          },
        };
        return store;
      },
    });
  }, 120_000);

  it('is of requests that came after the proposal was frozen, none of which its optimizer was shown', async () => {
    let seen = 0;
    let shown = 0;
    for (const { campaignId, unitId, differences } of pairs) {
      // Live contrasts and bursts speak of traffic and alarms; `primary` is what promotes.
      if (differences['primary'] === undefined) continue;
      const campaign = await store?.readCampaign(campaignId);
      if (campaign === undefined) throw new Error(`there is no campaign ${campaignId}`);
      const { proposal, frozenAtMs } = campaign;
      shown += proposal.shownDecisionIds.length;
      for (const { decisionId, atMs } of decisions.get(unitId) ?? []) {
        seen += 1;
        expect(atMs).toBeGreaterThan(frozenAtMs);
        expect(proposal.shownDecisionIds).not.toContain(decisionId);
      }
    }
    expect(seen).toBeGreaterThan(500);
    expect(shown).toBeGreaterThan(0);
  });
});

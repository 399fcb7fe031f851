import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunReport } from '../../src/cli/world-run/run-report.ts';
import { simulateWorld } from '../../src/cli/world-run/simulate-world.ts';
import type { Edit } from '../../src/domain/edit.ts';
import { packageRoot } from '../../src/runtime/package-root.ts';
import type { TaskSnapshot } from '../../src/store/plan-store.ts';
import { loadWorld } from '../../src/upstream/simulated/load-world.ts';

const changeAt = 3_500;
const requests = 6_500;
const edited =
  'You help the lawyers of {{firm}}, who have little time. The review is due on {{due}}.\n' +
  'Read the clause and name the topic that it belongs to.';

interface Run {
  readonly report: RunReport;
  /** The plan and the baseline after so many requests. */
  readonly moments: ReadonlyMap<number, TaskSnapshot>;
}

async function runWithChange(seed: number): Promise<Run> {
  const world = await loadWorld(join(packageRoot(), 'worlds', 'contract-clauses.json'));
  if (world.kind !== 'facets') throw new Error('another world was meant');
  const agent = { ...world.agent, promptChange: [{ atRequest: changeAt, systemPrompt: edited }] };
  const moments = new Map<number, TaskSnapshot>();
  const report = await simulateWorld({
    world: { ...world, agent },
    seed,
    requests,
    onRequest: (request, snapshot) => {
      if (snapshot !== undefined) moments.set(request, snapshot);
    },
  });
  return { report, moments };
}

function incumbentEdits({ moments }: Run, request: number): readonly Edit[] {
  const snapshot = moments.get(request);
  return snapshot?.variants.find(({ id }) => id === snapshot.plan.incumbentId)?.edits ?? [];
}

describe('an agent whose developer changes its prompt while it learns', () => {
  const seeds = [1, 2];
  let runs: readonly Run[];
  beforeAll(async () => {
    runs = await Promise.all(seeds.map(runWithChange));
  }, 120_000);

  it('has a new version of its baseline within a hundred requests, once, with the slots of the old one', () => {
    for (const { moments } of runs) {
      const [before, soon, late] = [changeAt - 1, changeAt + 100, requests - 1].map((at) => moments.get(at));
      expect(before?.plan.baselineVersion).toBe(1);
      expect(soon?.plan).toMatchObject({ baselineVersion: 2, incumbentId: 'baseline' });
      expect(late?.task.baseline.version).toBe(2);
      const text = JSON.stringify(late?.task.baseline.skeleton);
      expect(text).toContain('who have little time');
      for (const slot of JSON.stringify(before?.task.baseline.skeleton).match(/"slot\d+"/g) ?? [])
        expect(text).toContain(slot);
    }
  });

  it('gets back what it had learned, by proof and not by faith', () => {
    for (const run of runs) {
      const learned = incumbentEdits(run, changeAt - 1);
      expect(learned.length).toBeGreaterThan(0);
      const regained = Array.from({ length: requests - changeAt }, (_, n) =>
        incumbentEdits(run, changeAt + n),
      );
      const first = regained.find((edits) => edits.length > 0);
      expect(learned.some((edit) => JSON.stringify(first).includes(JSON.stringify(edit.intent)))).toBe(true);
    }
  });

  it('serves better than its own new prompt in the end, and never a harmful one', () => {
    for (const { report } of runs) {
      expect(report.final).toBeGreaterThan(report.baseline + 0.05);
      expect(report.harmfulPromotions).toBe(0);
    }
  });
});

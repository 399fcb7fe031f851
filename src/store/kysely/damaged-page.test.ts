import { describe, expect, it } from 'vitest';
import { sampleDecision, sampleTask, startMs } from '../samples.case.ts';
import { feedbackFor, namesIn, useSpoiledDatabase } from './spoiled-database.case.ts';

const { open, spoilPageOf } = useSpoiledDatabase();

describe('a page that is damaged', () => {
  it('takes no more tasks than those that are on it', async () => {
    const store = await open();
    for (let index = 0; index < 300; index++) await store.registerTask(sampleTask({ id: `task-${index}` }));
    await store.close();
    const ids = spoilPageOf('bandits');
    const again = await open();
    const found = await namesIn(again);
    expect(found.length).toBeGreaterThan(250);
    expect(found.length).toBeLessThan(300);
    for (const id of ids) expect(found).not.toContain(id);
    // A row beside the page cannot always be written either, since pages lend one another room.
    const lost = again.recordFeedback([feedbackFor(ids[0] ?? '')]);
    const lostToo = expect(lost).rejects.toMatchObject({ code: 'store_unavailable', isRetryable: false });
    const counted = await Promise.all(
      found.map((id) =>
        again.recordFeedback([feedbackFor(id)]).then(
          () => 1,
          () => 0,
        ),
      ),
    );
    await lostToo;
    expect(counted.filter((count) => count === 1).length).toBeGreaterThan(150);
    await again.sweep(startMs);
    await again.close();
  });

  it('of decisions loses only those, and is no reason to try again for ever', async () => {
    const store = await open();
    await store.registerTask(sampleTask());
    const recorded = Array.from({ length: 6000 }, (_, index) =>
      sampleDecision(`d${index}`, { content: null, completionId: null }),
    );
    await store.recordDecisions(recorded);
    await store.close();
    spoilPageOf('sqlite_autoindex_decisions_1');
    const again = await open();
    const outcomes: boolean[] = [];
    for (let index = 0; index < 300; index++) {
      const id = index % 2 === 0 ? `a${index}` : `d${index}x`;
      const outcome = await again.recordDecisions([sampleDecision(id)]).then(
        () => undefined,
        (error: unknown) => error,
      );
      outcomes.push(outcome === undefined);
      if (outcome !== undefined)
        expect(outcome).toMatchObject({ code: 'store_unavailable', isRetryable: false });
    }
    expect(new Set(outcomes)).toEqual(new Set([true, false]));
    expect(await again.recordFeedback([feedbackFor('triage', 'a-last')])).toMatchObject([
      { outcome: 'counted' },
    ]);
    await again.close();
  });
});

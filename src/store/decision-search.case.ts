import { beforeEach, describe, expect, it } from 'vitest';
import type { DecisionQuery, DecisionRecord } from './decision-search.ts';
import type { Place } from './place.ts';
import {
  hourMs,
  sampleDecision,
  sampleFeedback,
  sampleShadowRun,
  sampleTask,
  sampleVariant,
  startMs,
} from './samples.case.ts';
import type { StoreCase } from './store-context.case.ts';

/** Cases of `DecisionSearch`. */
export function decisionSearchCases({ store }: StoreCase): void {
  const variant = sampleVariant();
  const find = async (query: Partial<DecisionQuery>): Promise<readonly DecisionRecord[]> => {
    const found: DecisionRecord[] = [];
    let from: Place | undefined;
    for (;;) {
      const part = await store().readDecisions({
        withText: false,
        order: 'newest',
        limit: 500,
        ...query,
        ...(from === undefined ? {} : { from }),
      });
      found.push(...part.items);
      if (part.next === null) return found;
      from = part.next;
    }
  };
  const ids = async (query: Partial<DecisionQuery>): Promise<readonly string[]> =>
    (await find(query)).map(({ decision }) => decision.decisionId);

  describe('the search for decisions', () => {
    beforeEach(async () => {
      await store().registerTask(sampleTask());
      await store().recordDecisions([
        sampleDecision('d1', { segment: 'vip' }),
        sampleDecision('d2', { atMs: startMs + hourMs, variantId: variant.id, segment: 'VIP' }),
        sampleDecision('d3', { atMs: startMs + hourMs, episodeId: 'run-1', content: null }),
        sampleDecision('d4', { atMs: startMs + 2 * hourMs, episodeId: 'run-1', attribution: 'pinned' }),
        sampleDecision('d5', { atMs: startMs + 3 * hourMs, taskId: 'reply', scope: 'key-2' }),
      ]);
      await store().recordFeedback([sampleFeedback(sampleDecision('d1'), { value: 0.5 })]);
    });

    it.each<[string, Partial<DecisionQuery>, readonly string[]]>([
      ['all, newest first', {}, ['d5', 'd4', 'd3', 'd2', 'd1']],
      ['all, oldest first', { order: 'oldest' }, ['d1', 'd2', 'd3', 'd4', 'd5']],
      ['of a task', { taskId: 'triage' }, ['d4', 'd3', 'd2', 'd1']],
      ['of a task, oldest first', { taskId: 'triage', order: 'oldest' }, ['d1', 'd2', 'd3', 'd4']],
      ['by id', { decisionId: 'd3' }, ['d3']],
      ['by completion id', { completionId: 'chatcmpl-d2' }, ['d2']],
      ['by episode', { episodeId: 'run-1' }, ['d4', 'd3']],
      ['by episode and task', { episodeId: 'run-1', taskId: 'reply' }, []],
      ['by variant', { taskId: 'triage', variantId: variant.id }, ['d2']],
      ['by segment, to the letter', { segment: 'vip' }, ['d1']],
      ['by scope', { scope: 'key-2' }, ['d5']],
      ['by attribution', { attribution: 'pinned' }, ['d4']],
      ['with a reward', { taskId: 'triage', hasReward: true }, ['d1']],
      ['with text', { taskId: 'triage', hasText: true }, ['d4', 'd2', 'd1']],
      ['after a time', { afterMs: startMs + hourMs }, ['d5', 'd4']],
      ['until a time', { untilMs: startMs + hourMs, taskId: 'triage' }, ['d3', 'd2', 'd1']],
      ['by what is not there', { decisionId: 'd9' }, []],
    ])('finds them %s, in parts of any size', async (_, query, expected) => {
      for (const limit of [1, 2, 500]) expect(await ids({ ...query, limit })).toEqual(expected);
    });

    it('tells what is known of each, with its text only where asked for', async () => {
      expect(await find({ decisionId: 'd1' })).toEqual([
        {
          decision: { ...sampleDecision('d1', { segment: 'vip' }), content: null },
          reward: 0.5,
          isOwnReward: true,
          hasText: true,
        },
      ]);
      const [whole] = await find({ decisionId: 'd1', withText: true });
      expect(whole?.decision.content).toEqual(sampleDecision('d1').content);
      expect(await find({ decisionId: 'd3', withText: true })).toMatchObject([{ hasText: false }]);
    });

    it('gives texts a bounded part at a time', async () => {
      const text = 'x'.repeat(3 * 1024 * 1024);
      const large = (id: string) => {
        const decision = sampleDecision(id, { taskId: 'large' });
        const content = decision.content && {
          ...decision.content,
          completion: { ...decision.content.completion, text },
        };
        return { ...decision, content };
      };
      await store().recordDecisions(['l1', 'l2', 'l3', 'l4'].map(large));
      expect(await ids({ taskId: 'large', withText: true })).toEqual(['l4', 'l3', 'l2', 'l1']);
    });

    it('finds its way through more than one reading looks at', async () => {
      const many = Array.from({ length: 2500 }, (_, index) =>
        sampleDecision(`m${index}`, { taskId: 'many', segment: index === 0 ? 'rare' : null, content: null }),
      );
      await store().recordDecisions(many);
      expect(await ids({ taskId: 'many', segment: 'rare', limit: 10 })).toEqual(['m0']);
    });
  });

  it('answers to requests are found whoever gave them', async () => {
    const runs = [
      sampleShadowRun('d1'),
      sampleShadowRun('d1', { variantId: 'other' }),
      sampleShadowRun('d2'),
    ];
    await store().saveShadowRuns([...runs, sampleShadowRun('d3')]);
    const found = await store().readAnswers(['d1', 'd2', 'absent']);
    const key = ({ decisionId, variantId }: (typeof runs)[number]): string => `${decisionId} ${variantId}`;
    expect(found.map(key).toSorted()).toEqual(['d1 candidate', 'd1 other', 'd2 candidate']);
    expect(await store().readAnswers([])).toEqual([]);
  });
}

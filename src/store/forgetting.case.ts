import { beforeEach, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../domain/audit-entry.ts';
import type { ForgetTarget, Forgotten } from './forgetting.ts';
import { sampleDecision, sampleFeedback, sampleShadowRun, sampleTask, startMs } from './samples.case.ts';
import type { StoreCase } from './store-context.case.ts';

const audit: AuditEntry = {
  actor: 'ops',
  action: 'forget',
  taskId: null,
  subject: 'episode run-1',
  before: null,
  after: null,
  reason: 'asked to',
  atMs: startMs,
};

/** Cases of `Forgetting`. */
export function forgettingCases({ store }: StoreCase): void {
  const forget = async (target: ForgetTarget): Promise<Omit<Forgotten, 'next'>> => {
    const total = { decisions: 0, feedback: 0, groundTruths: 0, shadowRuns: 0 };
    for (let from: string | null = null, isFirst = true; isFirst || from !== null; isFirst = false) {
      const { next, ...part }: Forgotten = await store().forget(target, from, audit);
      for (const name of ['decisions', 'feedback', 'groundTruths', 'shadowRuns'] as const)
        total[name] += part[name];
      from = next;
    }
    return total;
  };
  const mine = [
    sampleDecision('d1', { episodeId: 'run-1', inputHash: 'same' }),
    sampleDecision('d2', { episodeId: 'run-1' }),
  ];
  const others = [
    sampleDecision('d3', { inputHash: 'same' }),
    sampleDecision('d4', { scope: 'key-2', episodeId: 'run-1' }),
  ];

  describe('forgetting', () => {
    beforeEach(async () => {
      await store().registerTask(sampleTask());
      await store().recordDecisions([...mine, ...others]);
      await store().recordFeedback([
        sampleFeedback('chatcmpl-d1', { value: 0.5, expected: 'billing' }, { tags: { user: 'u1' } }),
        sampleFeedback('run-1', { comment: 'I am Ada' }),
        sampleFeedback('chatcmpl-d3', { comment: 'fine' }),
      ]);
      await store().saveShadowRuns(['d1', 'd3'].map((id) => sampleShadowRun(id)));
    });

    it.each<[string, ForgetTarget, Omit<Forgotten, 'next'>, readonly string[]]>([
      [
        'a decision',
        { kind: 'decision', decisionId: 'd1' },
        { decisions: 1, feedback: 1, groundTruths: 1, shadowRuns: 1 },
        ['d2', 'd3', 'd4'],
      ],
      [
        'an episode of one scope',
        { kind: 'episode', episodeId: 'run-1', scope: 'key-1' },
        { decisions: 2, feedback: 2, groundTruths: 1, shadowRuns: 1 },
        ['d3', 'd4'],
      ],
      [
        'an episode',
        { kind: 'episode', episodeId: 'run-1' },
        { decisions: 3, feedback: 2, groundTruths: 1, shadowRuns: 1 },
        ['d3'],
      ],
      [
        'a scope',
        { kind: 'scope', scope: 'key-1' },
        { decisions: 3, feedback: 3, groundTruths: 1, shadowRuns: 2 },
        ['d4'],
      ],
      [
        'what is not there',
        { kind: 'scope', scope: 'key-9' },
        { decisions: 0, feedback: 0, groundTruths: 0, shadowRuns: 0 },
        ['d1', 'd2', 'd3', 'd4'],
      ],
    ])('%s takes its words away and no others', async (_, target, taken, left) => {
      expect(await forget(target)).toEqual(taken);
      const traces = await store().readTraces({ taskId: 'triage', order: 'oldest', limit: 9 });
      expect(traces.map(({ decision }) => decision.decisionId)).toEqual(left);
      // Everything is gone already.
      expect(await forget(target)).toMatchObject({
        decisions: 0,
        feedback: 0,
        groundTruths: 0,
        shadowRuns: 0,
      });
    });

    it('leaves every count as it was, and says who asked for it', async () => {
      const counts = async () => ({
        bandit: (await store().readTask('triage'))?.bandit,
        rewards: await store().readRewards('triage', 0, 9),
        outcomes: await store().readEpisodeOutcomes({ taskId: 'triage', order: 'oldest', limit: 9 }),
      });
      const before = await counts();
      await forget({ kind: 'scope', scope: 'key-1' });
      expect(await counts()).toEqual(before);
      const { items } = await store().readDecisions({
        decisionId: 'd1',
        withText: true,
        order: 'newest',
        limit: 1,
      });
      expect(items).toMatchObject([
        { decision: { variantId: 'baseline', content: null }, reward: 0.5, hasText: false },
      ]);
      expect((await store().readAudit({ limit: 9 })).items).toMatchObject([audit]);
    });

    it('takes ground truth away from all requests that had it from there', async () => {
      const expectedOf = async () =>
        (await store().readTraces({ taskId: 'triage', decisionIds: ['d3'], order: 'oldest', limit: 1 }))[0]
          ?.expected;
      expect(await expectedOf()).toBe('billing');
      await forget({ kind: 'episode', episodeId: 'run-1', scope: 'key-1' });
      expect(await expectedOf()).toBeNull();
    });

    it('goes through more than one part takes', async () => {
      const many = Array.from({ length: 1100 }, (_, index) =>
        sampleDecision(`m${index}`, { scope: 'key-3' }),
      );
      await store().recordDecisions(many);
      expect(await forget({ kind: 'scope', scope: 'key-3' })).toMatchObject({ decisions: 1100 });
      expect((await store().readAudit({ limit: 9 })).items).toHaveLength(1);
    });
  });
}

import { describe, expect, it } from 'vitest';
import { RatchetError } from '../domain/ratchet-error.ts';
import type { Edit } from '../domain/edit.ts';
import type { Embeddings } from '../upstream/embeddings.ts';
import { runGateCycle } from './cycle.ts';
import { distanceBound } from './prompt-distance.ts';
import { promptParaphrases } from './prompt-paraphrases.ts';
import { createSmallAgent } from './small-agent.case.ts';

const words = (count: number): string => Array.from({ length: count }, (_, index) => `w${index}`).join(' ');
const parent = words(300);
const large: Edit = { op: 'insert', text: words(60), intent: 'test' };
const small: Edit = { op: 'insert', text: words(10), intent: 'test' };

/** Vectors on a circle: `angleOf` says where a text lies, in radians. */
const circle = (angleOf: (text: string) => number): Embeddings => ({
  model: 'circle',
  embed: async (texts) => ({
    vectors: texts.map((text) => Float32Array.of(Math.cos(angleOf(text)), Math.sin(angleOf(text)))),
    inputTokens: 1,
  }),
});

async function screened(edit: Edit, embeddings?: Embeddings) {
  const agent = await createSmallAgent({ seed: 3, quality: () => 0.5 });
  await agent.ship(parent);
  await runGateCycle(agent.deps);
  const { id } = await agent.propose([edit]);
  await runGateCycle({ ...agent.deps, ...(embeddings === undefined ? {} : { embeddings }) });
  const campaign = await agent.store.readCampaign(id);
  return { campaign, check: campaign?.screening?.checks.find(({ limit }) => limit === 'prompt-distance') };
}

describe('the distance of a prompt from its parent', () => {
  // Paraphrases lie an angle apart whose cosine is .8.
  const first = new Set(promptParaphrases.map(([one]) => one));
  const paraphraseAngle = (text: string): number => (first.has(text) || text === parent ? 0 : Math.acos(0.8));
  const isGrown = (text: string): boolean => text !== parent && text.startsWith(parent);

  it('may be as large as paraphrases are far apart, and is refused beyond with value and bound', async () => {
    const near = circle((text) => (isGrown(text) ? 0.5 : paraphraseAngle(text)));
    const accepted = await screened(large, near);
    expect(accepted.check).toMatchObject({ bound: 0.2, isPassed: true });
    expect(accepted.check?.value).toBeCloseTo(1 - Math.cos(0.5), 3);
    const far = circle((text) => (isGrown(text) ? 1 : paraphraseAngle(text)));
    const { campaign, check } = await screened(large, far);
    expect(campaign?.state).toBe('rejected');
    expect(check).toMatchObject({ value: 0.4597, bound: 0.2, isPassed: false });
    expect(campaign?.history.at(-1)?.reason).toBe('prompt-distance is 0.46, at most 0.2 is allowed');
  });

  it('does not concern small steps, which any prompt may take', async () => {
    const { check } = await screened(
      small,
      circle((text) => text.length),
    );
    expect(check).toBeUndefined();
  });

  it('is measured locally without a model, and where it cannot be reached', async () => {
    const down: Embeddings = {
      model: 'down',
      embed: async () => {
        throw new RatchetError('upstream_unreachable', 'down', { isRetryable: true });
      },
    };
    const local = await screened(large);
    expect(local.check?.isPassed).toBe(true);
    expect((await screened(large, down)).check).toEqual(local.check);
  });
});

describe('distanceBound', () => {
  it('grants all but the farthest twentieth of the paraphrases, and at least .05', () => {
    const cosines = promptParaphrases.map((_, index) => (index === 0 ? 0.1 : 0.7 + index / 100));
    const cosineOf = (one: string): number =>
      cosines[promptParaphrases.findIndex(([text]) => text === one)] ?? 0;
    expect(distanceBound({ cosineOf })).toBeCloseTo(0.29, 12);
    expect(distanceBound({ cosineOf: () => 1 })).toBeCloseTo(0.05, 12);
  });
});

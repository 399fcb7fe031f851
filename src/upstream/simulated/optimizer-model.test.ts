import { describe, expect, it } from 'vitest';
import type { Edit } from '../../domain/edit.ts';
import { createFacetsModel } from './facets-model.ts';
import { parseProposalsPayload } from './model-payload.schema.ts';
import { createMoment } from './moment.ts';
import { createPoolOptimizer } from './optimizer-model.ts';
import { createReplayModel } from './replay-model.ts';
import { createRecordOptimizer } from './replay-optimizer.ts';
import { smallFacetsWorld, smallReplayFile, smallReplayWorld } from './small-world.case.ts';
import { createTokenCount } from './token-count.ts';

const prompt = 'Sort the tickets of {{slot1}}.\nAnswer with the queue.';

type Ask = (call: {
  prompt?: string;
  examples?: readonly { input: string; reward: number }[];
  history?: readonly object[];
  count?: number;
  number?: number;
  ownPrompt?: string;
}) => readonly Edit[];

function poolOptimizer(changes: Parameters<typeof smallFacetsWorld>[0] = {}, request = 0): Ask {
  const world = smallFacetsWorld(changes);
  const moment = createMoment(world.shifts.map(({ atRequest }) => atRequest));
  moment.setRequest(request);
  const model = createFacetsModel(world, { seed: 4, moment, countTokens: createTokenCount() });
  const optimize = createPoolOptimizer(world, model, 4);
  return ({ number = 0, ownPrompt = '', ...payload }) =>
    optimize({ ownPrompt, number, payload: parseProposalsPayload(JSON.stringify({ prompt, ...payload })) });
}

function intents(edits: readonly Edit[]): string[] {
  return edits.map(({ intent }) => intent);
}

describe('an optimizer with insight', () => {
  it('proposes what raises the chance most, then the next best', () => {
    expect(intents(poolOptimizer()({ count: 3 }))).toEqual(['list', 'shorter', 'detail']);
  });

  it('looks at the failures that it is shown', () => {
    const edits = [
      { intent: 'money', op: 'insert', text: 'Mind the money.' },
      { intent: 'product', op: 'insert', text: 'Mind the product.' },
    ];
    const facets = [
      { id: 'listed', any: ['mind the money'], segments: { money: 1 } },
      { id: 'verbose', any: ['mind the product'], segments: { product: 1.5 } },
    ];
    const ask = poolOptimizer({ model: { facets, interactions: [] }, optimizer: { edits } });
    const best = (examples: readonly { input: string; reward: number }[]): string[] =>
      intents(ask({ examples }));
    expect(best([{ input: 'Charged twice', reward: 0 }])).toEqual(['money']);
    expect(
      best([
        { input: 'Charged twice', reward: 1 },
        { input: 'It crashes', reward: 0 },
      ]),
    ).toEqual(['product']);
    expect(best([{ input: 'Charged twice', reward: 1 }])).toEqual(['product']);
    expect(best([{ input: 'Charged t…', reward: 0.2 }])).toEqual(['money']);
    expect(best([{ input: 'Charged […3 characters left out…] ce', reward: 0.2 }])).toEqual(['money']);
    expect(best([])).toEqual(['product']);
  });

  it('sees the model as it is now', () => {
    expect(intents(poolOptimizer({}, 100)({ count: 1 }))).toEqual(['shorter']);
  });

  it('leaves out what cannot be applied or is there already', () => {
    const ask = poolOptimizer();
    expect(intents(ask({ prompt: 'Something else.', count: 3 }))).toEqual(['list', 'detail']);
    expect(intents(ask({ prompt: `${prompt}\nCHOOSE from the queues.`, count: 3 }))).toEqual([
      'shorter',
      'detail',
    ]);
  });

  it('proposes nothing when nothing is left', () => {
    expect(poolOptimizer({ optimizer: { edits: [] } })({ count: 3 })).toEqual([]);
  });
});

describe('an optimizer without insight', () => {
  const ask = poolOptimizer({ optimizer: { insight: 0 } });

  it('proposes by weight', () => {
    const first = Array.from({ length: 5000 }, (_, number) => intents(ask({ number }))[0]);
    const detail = first.filter((intent) => intent === 'detail').length / 5000;
    expect(Math.abs(detail - 0.6)).toBeLessThan(4 * Math.sqrt(0.24 / 5000));
  });

  it('never proposes the same edit twice in one answer', () => {
    for (let number = 0; number < 200; number += 1)
      expect(new Set(intents(ask({ number, count: 3 }))).size).toBe(3);
  });

  it('says the same to the same call of the same seed', () => {
    const run = (): string[] => Array.from({ length: 50 }, (_, number) => intents(ask({ number }))[0] ?? '');
    expect(run()).toEqual(run());
    expect(new Set(run()).size).toBeGreaterThan(1);
  });
});

describe('an optimizer of some insight', () => {
  it('has it in that share of its choices', () => {
    const ask = poolOptimizer({ optimizer: { insight: 0.4 } });
    const listed = Array.from({ length: 5000 }, (_, number) => intents(ask({ number }))[0]).filter(
      (intent) => intent === 'list',
    );
    // With insight always, without it one time in five.
    expect(Math.abs(listed.length / 5000 - (0.4 + 0.6 * 0.2))).toBeLessThan(4 * Math.sqrt(0.25 / 5000));
  });

  it.each([
    { ownPrompt: 'Look for the COMMON cause.', base: 0.2, insight: 1 },
    { ownPrompt: 'Be creative.', base: 0.7, insight: 0.2 },
    { ownPrompt: 'Look for the common cause. Be creative.', base: 0.5, insight: 0.8 },
    { ownPrompt: 'Be creative.', base: 0.2, insight: 0 },
    { ownPrompt: '', base: 0.2, insight: 0.2 },
  ])('of $base has $insight under its own prompt "$ownPrompt"', ({ ownPrompt, base, insight }) => {
    const facets = [
      { any: ['common cause'], insight: 0.8 },
      { any: ['creative'], harm: 0.5 },
    ];
    const ask = poolOptimizer({ optimizer: { insight: base, facets } });
    const chosen = Array.from({ length: 4000 }, (_, number) => intents(ask({ number, ownPrompt }))[0]);
    const listed = chosen.filter((intent) => intent === 'list').length / 4000;
    expect(Math.abs(listed - (insight + (1 - insight) * 0.2))).toBeLessThan(4 * Math.sqrt(0.25 / 4000));
  });
});

describe('an edit of the pool', () => {
  const edited = (edit: object, shown: string): readonly Edit[] =>
    poolOptimizer({ optimizer: { edits: [{ intent: 'x', ...edit }] } })({ prompt: shown });

  it.each([
    ['{{slot1}}', 'Sort the tickets of {{slot1}}.\nAnswer with the queue.'],
    ['Drive and Photos', 'Sort the tickets of Drive and Photos.\nAnswer with the queue.'],
    ['{{product}}', 'Sort the tickets of {{product}}.\nAnswer with the queue.'],
  ])('finds a phrase with a slot where the prompt has %s', (standing, shown) => {
    expect(
      edited({ op: 'replace', find: 'tickets of {{product}}', text: 'mails about {{product}}' }, shown),
    ).toEqual([
      { intent: 'x', op: 'replace', find: `tickets of ${standing}`, text: `mails about ${standing}` },
    ]);
    expect(edited({ op: 'insert', text: 'Hurry.', after: 'of {{product}}.' }, shown)).toEqual([
      { intent: 'x', op: 'insert', text: 'Hurry.', after: `of ${standing}.` },
    ]);
  });

  it('that names a slot which the prompt lacks is not proposed', () => {
    expect(edited({ op: 'insert', text: 'Today is {{date}}.' }, prompt)).toEqual([]);
    expect(edited({ op: 'delete', find: 'on {{date}}' }, prompt)).toEqual([]);
  });
});

describe('the optimizer of a replay world', () => {
  function recordOptimizer(insight: number, request = 0): Ask {
    const world = smallReplayWorld({ optimizer: { insight } });
    const moment = createMoment([50]);
    moment.setRequest(request);
    const optimize = createRecordOptimizer(world, createReplayModel(world, { seed: 1, moment }), 1);
    return ({ number = 0, ownPrompt = '', ...payload }) =>
      optimize({
        ownPrompt,
        number,
        payload: parseProposalsPayload(
          JSON.stringify({ prompt: smallReplayFile.prompts[0]?.text, ...payload }),
        ),
      });
  }
  const [plain = '', steps = '', expert = ''] = smallReplayFile.prompts.map(({ text }) => text);

  it('replaces the whole prompt by the best recorded one', () => {
    expect(recordOptimizer(1)({})).toMatchObject([{ op: 'replace', find: plain, text: steps }]);
    expect(recordOptimizer(1, 50)({ prompt: steps })).toMatchObject([{ find: steps, text: plain }]);
  });

  it('proposes nothing that is current or was tried', () => {
    const history = [
      { intent: 'x', edits: [{ op: 'replace', find: plain, text: steps }], outcome: 'rejected' },
    ];
    expect(recordOptimizer(0)({ history, count: 5 })).toMatchObject([{ text: expert }]);
    expect(recordOptimizer(0)({ prompt: expert, history, count: 5 })).toEqual([]);
  });

  it('without insight proposes any, evenly', () => {
    const ask = recordOptimizer(0);
    const found = Array.from({ length: 4000 }, (_, number) => ask({ number })[0]);
    const share = found.filter((edit) => edit?.op === 'replace' && edit.text === steps).length / 4000;
    expect(Math.abs(share - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 4000));
  });
});

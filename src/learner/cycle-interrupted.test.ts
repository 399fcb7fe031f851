import { describe, expect, it } from 'vitest';
import type { Store } from '../store/store.ts';
import { busyHouse, changePrompt, promote, proposing } from './learner-house.case.ts';
import { createLearnerMemory } from './learner-memory.ts';

describe('a process that is killed', () => {
  it('between the answer and the campaign has lost the answer, and nothing else', async () => {
    const house = await busyHouse();
    const store: Store = {
      ...house.store,
      addCampaign: async () => {
        throw new Error('killed');
      },
    };
    expect(await house.cycle({ store })).toMatchObject({ tasks: [{ outcome: { kind: 'failed' } }] });
    expect(await house.campaigns()).toEqual([]);
    expect(await house.cycle({ memory: createLearnerMemory() })).toMatchObject({
      tasks: [{ outcome: { kind: 'proposed' } }],
    });
    expect(await house.campaigns()).toHaveLength(1);
  });

  it('after some of its campaigns adds the rest, and none twice', async () => {
    const house = await busyHouse(() => proposing('a', 'b', 'c'));
    let added = 0;
    const store: Store = {
      ...house.store,
      addCampaign: async (campaign) => {
        added += 1;
        if (added > 1) throw new Error('killed');
        return await house.store.addCampaign(campaign);
      },
    };
    await house.cycle({ store });
    expect(await house.campaigns()).toHaveLength(1);
    await house.cycle({ memory: createLearnerMemory() });
    const texts = (await house.campaigns()).map(({ proposal }) => proposal.variant.edits[0]);
    expect(texts).toMatchObject([{ text: 'a' }, { text: 'b' }, { text: 'c' }]);
  });

  it('and repeats itself reports nothing new', async () => {
    const house = await busyHouse();
    const store: Store = { ...house.store, addCampaign: async () => false };
    expect(await house.cycle({ store })).toMatchObject({ tasks: [{ outcome: { kind: 'nothing-new' } }] });
  });

  it('or works beside another one opens no campaign twice', async () => {
    const house = await busyHouse(() => proposing('a', 'b'));
    await Promise.all([house.cycle(), house.cycle({ memory: createLearnerMemory() })]);
    expect(await house.campaigns()).toHaveLength(2);
  });
});

describe('a world that moves while the model thinks', () => {
  it('makes its answer void when the incumbent changes', async () => {
    const house = await busyHouse();
    await house.outcome();
    const [first] = await house.campaigns();
    house.answer = async () => {
      await promote(house, first);
      return proposing('Be polite.');
    };
    expect(await house.outcome()).toEqual({ kind: 'overtaken' });
    expect(await house.campaigns()).toHaveLength(1);
  });

  it('makes its answer void when the developer changes the prompt', async () => {
    const house = await busyHouse();
    house.answer = async () => {
      await changePrompt(house);
      return proposing('Be brief.');
    };
    expect(await house.outcome()).toEqual({ kind: 'overtaken' });
    expect(await house.campaigns()).toEqual([]);
  });
});

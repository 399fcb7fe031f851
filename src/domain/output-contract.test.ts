import { describe, expect, it } from 'vitest';
import { contractLost, outputContract } from './output-contract.ts';

const schema = {
  type: 'object',
  properties: { queue: { type: 'string' }, items: { items: { properties: { price: {} } } } },
};
const prompt = [
  'You sort tickets. Be polite. Answer in JSON with the field "queue".',
  'Prices go into `price`. Think about the queue first.',
  '```json',
  '{"queue": "billing"}',
  '```',
  'Never guess.',
].join('\n');

describe('outputContract', () => {
  it('is what speaks of the declared form, and nothing else', () => {
    expect(outputContract(prompt, [schema])).toEqual([
      'Answer in JSON with the field "queue".',
      'Prices go into `price`.',
      '```json\n{"queue": "billing"}\n```',
    ]);
  });

  it('is empty where no form is declared', () => {
    expect(outputContract(prompt, [])).toEqual([]);
  });

  it('knows the word JSON where any JSON will do', () => {
    expect(outputContract('Reply as JSON. Say "queue".', [true])).toEqual(['Reply as JSON.']);
  });
});

describe('contractLost', () => {
  const contract = outputContract(prompt, [schema]);

  it.each<[string, string, number]>([
    ['the same prompt', prompt, 0],
    ['additions around it', `First. ${prompt.replace('Prices', 'Mind this. Prices')} Last.`, 0],
    ['other sentences gone', prompt.replace('Be polite. ', '').replace('Never guess.', ''), 0],
    ['a sentence altered', prompt.replace('the field "queue"', 'a field "queue"'), 1],
    ['an example gone', prompt.replace('{"queue": "billing"}', ''), 1],
    ['another order', contract.toReversed().join('\n'), 2],
    ['all gone', 'You sort tickets.', 3],
  ])('%s', (_, text, lost) => {
    expect(contractLost(contract, text)).toBe(lost);
  });
});

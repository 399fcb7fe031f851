import fc from 'fast-check';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { estimateTokens } from './estimate-tokens.ts';

describe('estimateTokens', () => {
  it.each([
    ['nothing', ''],
    ['English', 'You sort support tickets. Answer with the name of the queue, and with nothing else.'],
    ['JSON', JSON.stringify({ prompt: 'Sort tickets.', examples: [{ input: 'Help!', reward: 0.25 }] })],
    ['German', 'Antworte immer höflich und nenne am Ende die zuständige Abteilung.'],
    ['Japanese', '問い合わせを分類し、担当部署の名前だけを答えてください。'],
  ])('does not fall short of a real tokenizer for %s', (_, text) => {
    expect(estimateTokens(text)).toBeGreaterThanOrEqual(encode(text).length);
  });

  it('never falls when text is added', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(estimateTokens(one + other)).toBeGreaterThanOrEqual(estimateTokens(one));
      }),
    );
  });
});

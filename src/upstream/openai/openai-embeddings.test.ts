import { describe, expect, it } from 'vitest';
import { RatchetError } from '../../domain/ratchet-error.ts';
import type { Embeddings } from '../embeddings.ts';
import { parseEmbeddings } from './embeddings.schema.ts';
import { rememberEmbeddings } from './remembered-embeddings.ts';

describe('parseEmbeddings', () => {
  const vector = (index: number, ...embedding: number[]) => ({ object: 'embedding', index, embedding });

  it('gives vectors in the order of the texts', () => {
    const body = { data: [vector(1, 0, 1), vector(0, 1, 0)], usage: { prompt_tokens: 7 } };
    expect(parseEmbeddings(body, 2)).toEqual({
      vectors: [Float32Array.of(1, 0), Float32Array.of(0, 1)],
      inputTokens: 7,
    });
  });

  it.each<[string, unknown]>([
    ['too few', { data: [vector(0, 1)] }],
    ['one twice', { data: [vector(0, 1), vector(0, 1)] }],
    ['different lengths', { data: [vector(0, 1), vector(1, 1, 2)] }],
    ['an empty vector', { data: [vector(0, 1), vector(1)] }],
    ['no list', { error: {} }],
  ])('takes no answer with %s', (_, body) => {
    expect(parseEmbeddings(body, 2)).toBeUndefined();
  });
});

describe('rememberEmbeddings', () => {
  function embeddingsOf(fail: () => RatchetError | undefined = () => undefined) {
    const calls: number[] = [];
    let nowMs = 0;
    const model: Embeddings = {
      model: 'm',
      embed: async (texts) => {
        calls.push(texts.length);
        const error = fail();
        if (error !== undefined) throw error;
        return { vectors: texts.map((text) => Float32Array.of(text.length)), inputTokens: texts.length };
      },
    };
    const remembered = rememberEmbeddings(model, { now: () => nowMs });
    return { calls, remembered, advance: (ms: number) => (nowMs += ms) };
  }

  it('pays for each text once, and asks for a hundred at a time', async () => {
    const { calls, remembered } = embeddingsOf();
    const texts = Array.from({ length: 150 }, (_, index) => 'x'.repeat(index + 1));
    const first = await remembered.embed([...texts, 'x']);
    expect(first.inputTokens).toBe(150);
    expect(first.vectors.map(([length]) => length)).toEqual([...texts.map(({ length }) => length), 1]);
    const again = await remembered.embed([...texts, 'new']);
    expect([calls, again.inputTokens]).toEqual([[100, 50, 1], 1]);
  });

  it('takes a lasting refusal for granted for an hour, and no other failure', async () => {
    let error = new RatchetError('upstream_unreachable', 'no such endpoint');
    const { calls, remembered, advance } = embeddingsOf(() => error);
    for (let turn = 0; turn < 3; turn++) await expect(remembered.embed(['a'])).rejects.toBe(error);
    expect(calls).toHaveLength(1);
    advance(3_600_001);
    error = new RatchetError('upstream_timeout', 'late', { isRetryable: true });
    for (let turn = 0; turn < 3; turn++) await expect(remembered.embed(['a'])).rejects.toBe(error);
    expect(calls).toHaveLength(4);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSpend, noSpend } from '../domain/spend.ts';
import { defaultTaskConfig } from '../domain/task.ts';
import { reservationUsd, reservedSpend, settledSpend, usdLeft } from './budget.ts';

const price = { inputPerMillion: 10, outputPerMillion: 30 };
const budget = { ...defaultTaskConfig.budget, usdPerDay: 5 };

describe('what is left', () => {
  it.each([
    [0, 4],
    [3, 1],
    [4, 0],
    [7, 0],
  ])('after %f of 5 dollars is %f, a fifth being kept for alarms', (usd, left) => {
    expect(usdLeft({ ...noSpend, usd }, budget)).toBeCloseTo(left, 12);
  });
});

describe('a reservation', () => {
  const request = (text: string) => ({ model: 'm', messages: [{ role: 'user', content: text }] });

  it('is never less than reading the request and rewriting the prompt costs', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.integer({ min: 1, max: 5 }), (text, prompt, count) => {
        const tokensRead = Buffer.byteLength(text) / 4;
        const tokensWritten = (count * Buffer.byteLength(prompt)) / 4;
        expect(reservationUsd(request(text), { prompt, count }, price)).toBeGreaterThan(
          (tokensRead * 10 + tokensWritten * 30) / 1e6,
        );
      }),
    );
  });

  it('and its settlement come to the real cost and one call', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 9, noNaN: true }),
        fc.nat(100_000),
        fc.nat(9_000),
        (reserved, i, o) => {
          const settled = settledSpend(reserved, { inputTokens: i, outputTokens: o }, price);
          const total = addSpend(reservedSpend(reserved), settled);
          expect(total.usd).toBeCloseTo((i * 10 + o * 30) / 1e6, 9);
          expect(total).toMatchObject({
            optimizerCalls: 1,
            optimizerTokens: i + o,
            judgeCalls: 0,
            shadowRequests: 0,
          });
        },
      ),
    );
  });

  it('is given back whole when no model was reached', () => {
    expect(addSpend(reservedSpend(2), settledSpend(2, null, price))).toEqual({
      ...noSpend,
      optimizerCalls: 1,
    });
  });
});

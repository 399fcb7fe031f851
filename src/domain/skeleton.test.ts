import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generaliseSkeleton, sharedTemplate } from './generalise-skeleton.ts';
import { matchSkeleton } from './match-skeleton.ts';
import { fillSkeleton, literalSkeleton, skeletonText, type Skeleton } from './skeleton.ts';

const prompt = (product: string, date: string): string =>
  `You sort support tickets of ${product}. Today is ${date}.\nRead the ticket and answer with the queue.`;

function learn(...texts: readonly string[]): Skeleton | undefined {
  return texts.reduce<Skeleton | undefined>(
    (skeleton, text, index) =>
      index === 0
        ? literalSkeleton(text)
        : skeleton && (matchSkeleton(skeleton, text) ? skeleton : generaliseSkeleton(skeleton, text)),
    undefined,
  );
}

describe('generaliseSkeleton', () => {
  it('finds the places that differ, as whole phrases', () => {
    const skeleton = learn(prompt('Acme Mail', '2026-11-01'), prompt('Acme Drive', '2026-11-02'));
    expect(skeleton && skeletonText(skeleton)).toBe(
      'You sort support tickets of Acme {{slot1}}. Today is {{slot2}}.\nRead the ticket and answer with the queue.',
    );
  });

  it('keeps the names of slots that it knows', () => {
    const skeleton = learn(
      prompt('Acme Mail', '2026-11-01'),
      prompt('Acme Mail', '2026-11-02'),
      prompt('Globex Drive', '2026-11-02'),
    );
    expect(skeleton && skeletonText(skeleton)).toBe(
      'You sort support tickets of {{slot2}}. Today is {{slot1}}.\nRead the ticket and answer with the queue.',
    );
  });

  it('does not merge two agents that share their first sentence', () => {
    const one =
      'You are a helpful assistant. Translate the text into French, keep names as they are, keep numbers.';
    const other =
      'You are a helpful assistant. Write SQL for the question; the schema follows below in DDL form.';
    expect(generaliseSkeleton(literalSkeleton(one), other)).toBeUndefined();
  });

  it('does not align what is too large to align', () => {
    const words = (seed: number): string => Array.from({ length: 2500 }, (_, i) => `w${i * seed}`).join(' ');
    expect(generaliseSkeleton(literalSkeleton(words(3)), words(7))).toBeUndefined();
  });

  it('aligns prompts of any length that differ in few places, at the beginning and at the end too', () => {
    const rules = Array.from({ length: 2000 }, (_, i) => `Rule ${i}: be kind.`).join(' ');
    const long = (day: string, ticket: string): string => `It is ${day}. ${rules} The ticket is ${ticket}.`;
    const skeleton = learn(long('Monday', 'A 17'), long('Friday', 'B 4'));
    expect(skeleton && skeletonText(skeleton)).toBe(long('{{slot1}}', '{{slot2}}'));
  });

  it('gives a skeleton that both prompts are instances of, without loss', () => {
    const word = fc.stringMatching(/^[a-z0-9 .\n-]{0,12}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word, word), { minLength: 2, maxLength: 4 }), (fills) => {
        const texts = fills.map(
          ([a, b, c]) => `You answer questions about ${a} for our customers. Use ${b} only.\nEnd with ${c}`,
        );
        const skeleton = learn(...texts);
        if (skeleton === undefined) return;
        for (const text of texts) {
          const values = matchSkeleton(skeleton, text);
          expect(values).toBeDefined();
          expect(fillSkeleton(skeleton, values ?? {})).toBe(text);
        }
      }),
    );
  });
});

describe('sharedTemplate', () => {
  const about = (company: string, found: string): string =>
    `You answer questions about ${company}. Use what follows.\n${found}\nAnswer in one short sentence.`;
  const found = [
    'The train to Lund leaves at nine, and the ferry an hour later from the old pier.',
    'Refunds are paid within ten days; keep the receipt. Parcels may take longer than that in winter.',
  ] as const;

  it('finds the fixed text where most of a prompt is filled in anew', () => {
    const [one, other] = [about('Acme', found[0]), about('Bold', found[1])];
    expect(generaliseSkeleton(literalSkeleton(one), other)).toBeUndefined();
    const template = sharedTemplate(one, other);
    expect(template && skeletonText(template)).toBe(
      'You answer questions about {{slot1}}. Use what follows.\n{{slot2}}.\nAnswer in one short sentence.',
    );
  });

  it('holds nothing in common for a template where only single words or a greeting are', () => {
    expect(sharedTemplate(...found)).toBeUndefined();
    const greeting = 'You are a helpful assistant.';
    expect(sharedTemplate(`${greeting} ${found[0]}`, `${greeting} ${found[1]}`)).toBeUndefined();
  });
});

describe('matchSkeleton', () => {
  const skeleton = learn(prompt('Mail', '1'), prompt('Drive', '2')) as Skeleton;

  it('reads the slots of an instance', () => {
    expect(matchSkeleton(skeleton, prompt('Big Blue', 'Monday. Really'))).toEqual({
      slot1: 'Big Blue',
      slot2: 'Monday. Really',
    });
  });

  it.each(['', 'You sort', `${prompt('a', 'b')} `, ` ${prompt('a', 'b')}`, prompt('a', 'b').toUpperCase()])(
    'refuses what is not an instance: %j',
    (text) => {
      expect(matchSkeleton(skeleton, text)).toBeUndefined();
    },
  );

  it('matches itself when a prompt has no slots', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, other) => {
        expect(matchSkeleton(literalSkeleton(text), text)).toEqual({});
        if (other !== text) expect(matchSkeleton(literalSkeleton(text), other)).toBeUndefined();
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCardNumber, isIban } from './checksums.ts';
import { redact, sensitiveParts, type SensitiveKind } from './sensitive-text.ts';

/** Made up here from parts, so that nobody's scanner takes this file for a leak. */
const secret = (prefix: string, length: number): string =>
  prefix + 'Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z'.repeat(9).slice(0, length);

const glue = (...parts: readonly string[]): string => parts.join('');

describe('a secret is found:', () => {
  it.each([
    ['OpenAI', secret('sk-', 48)],
    ['OpenAI project', secret(glue('sk-', 'proj-'), 60)],
    ['Anthropic', secret(glue('sk-', 'ant-api03-'), 80)],
    ['AWS', glue('AK', 'IA', 'IOSFODNN7EXAMPLE')],
    ['Google', secret(glue('AI', 'za'), 35)],
    ['Google OAuth', secret(glue('ya', '29.'), 60)],
    ['GitHub', secret(glue('gh', 'p_'), 36)],
    ['GitHub, fine-grained', secret(glue('github', '_pat_'), 82)],
    ['GitLab', secret(glue('gl', 'pat-'), 20)],
    ['Slack', secret(glue('xo', 'xb-'), 40)],
    ['Stripe', secret(glue('sk', '_live_'), 24)],
    ['SendGrid', glue(secret('SG.', 22), '.', secret('', 43))],
    ['Twilio', glue('A', 'C', '0123456789abcdef0123456789abcdef')],
    ['npm', secret(glue('np', 'm_'), 36)],
    ['PyPI', secret(glue('py', 'pi-'), 80)],
    ['Hugging Face', secret(glue('h', 'f_'), 34)],
    ['Groq', secret(glue('gs', 'k_'), 52)],
    ['a JSON Web Token', glue('eyJ', 'hbGciOiJIUzI1NiJ9.eyJ', 'zdWIiOiIxIn0.c2lnbmF0dXJl')],
    ['a private key', glue('-----BEGIN RSA ', 'PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----')],
    ['half a private key', glue('-----BEGIN OPENSSH ', 'PRIVATE KEY-----\nb3BlbnNza')],
    ['a bearer token', `Authorization: Bearer ${secret('', 24)}`],
    ['a password', 'the password is hunter2hunter2'],
    ['an API key', 'api_key = "0451-cafe-beef-1234"'],
    ['a database address', 'postgres://app:s3cret@db.internal/app'],
    ['a machine-made run', secret('', 44)],
    ['a long hexadecimal number', '3f786850e387550fdab836ed7e6dc881de23001b'],
  ])('%s', (_, text) => {
    expect(sensitiveParts(`Use ${text} here`).map(({ kind }) => kind)).toContain('secret');
    expect(redact(`Use ${text} here`)).toContain('[secret]');
  });
});

describe('personal data are found:', () => {
  it.each<[SensitiveKind, string]>([
    ['mail', 'erika.mustermann+x@mail.example.org'],
    ['mail', 'jürgen@müller.de'],
    ['card', '4111 1111 1111 1111'],
    ['card', '378282246310005'],
    ['card', '5555-5555-5555-4444'],
    ['iban', 'DE89 3704 0044 0532 0130 00'],
    ['iban', 'GB29NWBK60161331926819'],
    ['iban', 'fr14 2004 1010 0505 0001 3m02 606'],
    ['phone', '+49 151 23456789'],
    ['phone', '+1 (415) 555-2671'],
    ['phone', '0044 20 7946 0958'],
    ['phone', '(415) 555-2671'],
    ['phone', '415-555-2671'],
    ['phone', '0151 234 567 89'],
    ['number', '078-05-1120'],
  ])('%s: %s', (kind, text) => {
    expect(sensitiveParts(`reach ${text}, please`)).toEqual([{ kind, text }]);
    expect(redact(`reach ${text}, please`)).toBe(`reach [${kind}], please`);
  });
});

it.each([
  'Answer with one of: billing, bug, account, security, feature.',
  'The order of 2026-11-21 14:30 with number 4711 costs 1,234,567.89 USD.',
  'Reset passwords at once; a token is a word, and a password must be long.',
  'Say sk-... or <token> where a key stands.',
  'Tickets such as ABC-12345 and versions such as 10.2.33.4 are fine.',
  'Invoice 1234567890123456 is nobody’s card.',
  'Use snake_case_names_like_this_one_here and kebab-case-names-like-this-one-here.',
  'Between 100 and 250 words; 12.5 % of 1 000 000 people in the years 1990-1999.',
  'RATCHET_ADMIN_TOKEN and content-type are names.',
])('ordinary text holds nothing: %s', (text) => {
  expect(sensitiveParts(text)).toEqual([]);
  expect(redact(text)).toBe(text);
});

describe('checksums', () => {
  it('of cards fail for every single wrong digit', () => {
    const card = '4111111111111111';
    expect(isCardNumber(card)).toBe(true);
    fc.assert(
      fc.property(fc.nat(15), fc.integer({ min: 1, max: 9 }), (place, change) => {
        const digit = (Number(card[place]) + change) % 10;
        expect(isCardNumber(card.slice(0, place) + String(digit) + card.slice(place + 1))).toBe(false);
      }),
    );
  });

  it('of accounts fail for every single wrong digit, and for two that changed places', () => {
    const iban = 'DE89370400440532013000';
    expect(isIban(iban)).toBe(true);
    expect(isIban('DE89370400440532031000')).toBe(false);
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 21 }), fc.integer({ min: 1, max: 9 }), (place, change) => {
        const digit = (Number(iban[place]) + change) % 10;
        expect(isIban(iban.slice(0, place) + String(digit) + iban.slice(place + 1))).toBe(false);
      }),
    );
  });

  it.each(['', '0000000000000000', '411111111111', '41111111111111111111'])('are not taken of %o', (text) => {
    expect(isCardNumber(text)).toBe(false);
    expect(isIban(text)).toBe(false);
  });
});

it('takes no longer for hostile text than for any other', () => {
  const startedAt = performance.now();
  const hostile = [
    'a',
    '1 ',
    'a@',
    'aA1',
    '-----BEGIN PRIVATE KEY-----',
    'DE89 ',
    '0',
    'password=',
    'eyJa.',
    'sk-a-',
    'a.',
  ];
  for (const piece of hostile) redact(piece.repeat(20_000 / piece.length));
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

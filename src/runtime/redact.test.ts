import { expect, test } from 'vitest';
import { redactFields, redactText } from './redact.ts';

test.each(['secret', 'apiKey', 'api_key', 'adminToken', 'Authorization', 'password', 'cookie'])(
  'a field named %s is never shown',
  (name) => {
    expect(redactFields({ [name]: 'hunter2' })).toEqual({ [name]: '[redacted]' });
  },
);

test('what only counts tokens is shown', () => {
  const fields = {
    optimizerTokens: 12,
    inputTokens: 4,
    task: 'triage',
    port: 8787,
    key: 'k1',
    gone: undefined,
  };
  expect(redactFields(fields)).toEqual(fields);
});

test.each([
  ['upstream said: Bearer abc.def-123456', 'upstream said: Bearer [redacted]'],
  ['incorrect key sk-proj-1234567890abcdef', 'incorrect key [redacted]'],
  ['postgres://ratchet:hunter2@db:5432/ratchet', 'postgres://ratchet:[redacted]@db:5432/ratchet'],
  ['a risk-based decision about http://host:80/path', 'a risk-based decision about http://host:80/path'],
])('%s', (text, shown) => {
  expect(redactText(text)).toBe(shown);
});

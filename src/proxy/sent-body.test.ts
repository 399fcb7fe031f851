import { expect, test } from 'vitest';
import { chatFormat } from './chat-format.ts';
import { readRequestBody } from './request-body.ts';
import type { PassThroughRoute } from './route-result.ts';
import { sentBody } from './sent-body.ts';

const json = '{"model":"m","messages":[{"role":"user","content":"hi"}],"metadata":{"ratchet_task":"t"}}';

test('a body that a prompt cannot be put into goes with the agent\u2019s own, and what is ours is taken out', () => {
  const body = readRequestBody(chatFormat, Buffer.from(json));
  if (body === undefined) throw new Error('not read');
  const route: PassThroughRoute = {
    kind: 'pass-through',
    reason: 'bypassed',
    rewrite: { prompt: 'new', model: 'n', metadata: null },
    model: 'n',
    clientRequest: body.request,
  };
  const whole = sentBody(body, route);
  expect(whole).toMatchObject({ route, failure: null });
  expect(whole.bytes.toString()).toContain('"content":"new"');
  // As if the scanner had not found what the parser has.
  const odd = {
    ...body,
    request: {
      model: 'm',
      messages: [
        { role: 'system', content: 'a' },
        { role: 'system', content: 'b' },
      ],
    },
  };
  const { route: own, bytes, failure } = sentBody(odd, route);
  expect(failure).toBeInstanceOf(RangeError);
  expect(own).toMatchObject({ kind: 'pass-through', reason: 'failed', model: 'n' });
  expect(bytes.toString()).toBe('{"model":"n","messages":[{"role":"user","content":"hi"}]}');
});

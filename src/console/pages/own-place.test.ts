import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ownPlace } from './own-place.ts';

test('a page of this console stays what it is', () => {
  for (const place of ['/console', '/console?name=a+b', '/console/tasks/t1/plans?cursor=x%2Fy']) {
    const { pathname, search } = ownPlace(place);
    expect(pathname + search).toBe(place);
  }
});

test('no text leads a browser out of this console', () => {
  const part = fc.constantFrom(
    '/console',
    '/',
    '..',
    '%2e%2e',
    '\\',
    '\t',
    '\r\n',
    '?',
    '#',
    'http:',
    '@',
    'evil.example',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(part).map((parts) => parts.join('')),
        fc.string(),
      ),
      (text) => {
        const { pathname, search } = ownPlace(text);
        const reached = new URL(pathname + search, 'https://ratchet.example');
        expect(reached.origin).toBe('https://ratchet.example');
        expect(reached.pathname).toMatch(/^\/console(?:\/|$)/);
        expect(pathname + search).toMatch(/^[\x21-\x7e]+$/);
      },
    ),
    { examples: [['/console/..//evil.example'], ['/console/%2e%2e//evil.example']] },
  );
});

import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { silentLogger } from '../domain/logger.ts';
import { survivePromiseBugs } from './unexpected.ts';

test.each([
  [
    new TypeError('a secret prompt'),
    { error: 'TypeError', at: expect.stringMatching(/^at .*unexpected\.test/) },
  ],
  ['a secret prompt', { error: 'string', at: undefined }],
])('a promise that nobody handled is told by name and place, never by its message (%#)', (reason, fields) => {
  const logged: unknown[] = [];
  const source = new EventEmitter();
  survivePromiseBugs(source, { ...silentLogger, error: (event, told) => void logged.push([event, told]) });
  source.emit('unhandledRejection', reason);
  expect(logged).toEqual([['unhandled-rejection', fields]]);
  expect(JSON.stringify(logged)).not.toContain('secret');
});

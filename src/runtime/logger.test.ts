import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';

function capture(): { readonly lines: () => readonly unknown[]; readonly write: (line: string) => void } {
  const lines: unknown[] = [];
  return { lines: () => lines, write: (line) => void lines.push(JSON.parse(line)) };
}

test('a line is one JSON object with level, time, event and fields', () => {
  const output = capture();
  createLogger('info', output).warn('store-slow', { latencyMs: 31, task: 'triage' });
  expect(output.lines()).toEqual([
    {
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      event: 'store-slow',
      latencyMs: 31,
      task: 'triage',
    },
  ]);
});

test('lines below the level are not written, and secrets never are', () => {
  const output = capture();
  const logger = createLogger('info', output);
  logger.debug('detail');
  logger.info('started', { adminToken: 'hunter2' });
  expect(output.lines()).toEqual([expect.objectContaining({ event: 'started', adminToken: '[redacted]' })]);
});

test('silent writes nothing', () => {
  const output = capture();
  createLogger('silent', output).error('anything');
  expect(output.lines()).toEqual([]);
});

test('a warning that repeats is written once, whatever its numbers', () => {
  const output = capture();
  const logger = createLogger('info', output);
  for (let failures = 1; failures < 100; failures++) logger.warn('sweep-failed', { failures, error: 'full' });
  logger.error('sweep-failed', { error: 'another fault' });
  expect(output.lines()).toHaveLength(2);
});

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createDirectoryWorld } from '../../src/proxy/recognition.case.ts';
import type { TaskDirectory } from '../../src/proxy/task-directory.ts';

describe('a hundred thousand different prompts, in four ways', () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const heapMiB = (): number => {
    collect();
    return process.memoryUsage().heapUsed / 2 ** 20;
  };
  const word = (n: number): string => n.toString(36);
  /** About 2 KB each, of words that no two of them share. */
  const unlike = (n: number): string =>
    Array.from({ length: 200 }, (_, k) => `${word(n)}q${word(k * 7919)}`).join(' ');

  it.each<[string, (directory: TaskDirectory, n: number) => void]>([
    ['without a name, in one scope', (directory, n) => void directory.automatic('scope', unlike(n))],
    ['without a name, in a scope each', (directory, n) => void directory.automatic(`scope ${n}`, unlike(n))],
    ['under one name', (directory, n) => void directory.named('one', 'scope', unlike(n))],
    ['under a name each', (directory, n) => void directory.named(`task ${n}`, 'scope', unlike(n))],
  ])(
    'take up little memory %s',
    (_, send) => {
      const { directory, clock } = createDirectoryWorld();
      send(directory, 0);
      const before = heapMiB();
      for (let n = 1; n <= 25_000; n += 1) {
        clock.ms += 1;
        send(directory, n);
      }
      expect(heapMiB() - before).toBeLessThan(160);
    },
    100_000,
  );
});

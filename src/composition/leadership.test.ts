import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../domain/logger.ts';
import { createSeededRandom } from '../runtime/seeded-random.ts';
import { fakeFold } from '../store/fake-fold.case.ts';
import type { Lease, LeaseStore } from '../store/lease-store.ts';
import { createMemoryStore } from '../store/memory/memory-store.ts';
import { lead, type Leadership } from './leadership.ts';
import { leaseToTake, look, type LeaseView } from './lease-step.ts';

const createStore = (): LeaseStore =>
  createMemoryStore({ fold: fakeFold, clock: { now: () => 0 }, random: createSeededRandom(1) });

const patienceMs = 60;
const start = (store: LeaseStore, holder: string): Leadership =>
  lead(store, { name: 'learning', holder, logger: silentLogger, patienceMs });

const until = async (holds: () => boolean): Promise<void> => {
  const deadline = performance.now() + 5_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('not in time');
    await delay(2);
  }
};

describe('leadership', () => {
  it('is taken by one, and by another at once when the first gives it up', async () => {
    const store = createStore();
    const one = start(store, 'one');
    await until(one.isHeld);
    const other = start(store, 'other');
    await delay(3 * patienceMs);
    expect([one.isHeld(), other.isHeld()]).toEqual([true, false]);
    await one.stop();
    expect(one.isHeld()).toBe(false);
    await until(other.isHeld);
    await other.stop();
  });

  it('of a holder that cannot reach the store ends before another takes over', async () => {
    const store = createStore();
    let isCutOff = false;
    const cut: LeaseStore = {
      readLease: async (name) => (isCutOff ? Promise.reject(new Error('gone')) : store.readLease(name)),
      takeLease: async (lease, seen) =>
        isCutOff ? Promise.reject(new Error('gone')) : store.takeLease(lease, seen),
    };
    const one = start(cut, 'one');
    await until(one.isHeld);
    const other = start(store, 'other');
    isCutOff = true;
    await until(() => {
      if (one.isHeld() && other.isHeld()) throw new Error('two leaders');
      return other.isHeld();
    });
    expect(one.isHeld()).toBe(false);
    await Promise.all([one.stop(), other.stop()]);
  });
});

describe('a lease, under any schedule of looks, pauses and clocks that run apart', () => {
  interface Process {
    readonly holder: string;
    /** How fast its watch runs, and where it began. */
    readonly speed: number;
    readonly offsetMs: number;
    view: LeaseView | undefined;
    believedUntilMs: number;
  }
  const me = { name: 'learning', patienceMs: 15_000 };
  const belief = (2 / 3) * me.patienceMs;

  it('has at most one process that believes to hold it, and is taken over from one that died', () => {
    const step = fc.record({ process: fc.nat(2), pauseMs: fc.nat(6_000), lagMs: fc.nat(3_000) });
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 20, maxLength: 120 }),
        fc.array(fc.double({ min: 0.9, max: 1.1, noNaN: true }), { minLength: 3, maxLength: 3 }),
        (steps, speeds) => {
          let stored: Lease | undefined;
          let realMs = 0;
          const processes = speeds.map((speed, index): Process => ({
            holder: `process ${index}`,
            speed,
            offsetMs: index * 1e9,
            view: undefined,
            believedUntilMs: Number.NEGATIVE_INFINITY,
          }));
          const watch = ({ speed, offsetMs }: Process): number => offsetMs + realMs * speed;
          for (const { process: index, pauseMs, lagMs } of steps) {
            realMs += pauseMs;
            const process = processes[index];
            if (process === undefined) continue;
            const askedAtMs = watch(process);
            const seen = stored;
            realMs += lagMs;
            process.view = look(process.view, seen, watch(process));
            const wanted = leaseToTake(process.view, { ...me, holder: process.holder }, watch(process));
            if (wanted === undefined) process.believedUntilMs = Number.NEGATIVE_INFINITY;
            else if (stored === seen) {
              stored = wanted;
              process.view = { lease: wanted, sinceMs: watch(process) };
              process.believedUntilMs = askedAtMs + belief;
            }
            const holders = processes.filter((each) => watch(each) < each.believedUntilMs);
            expect(holders.length).toBeLessThanOrEqual(1);
          }
          // The others die; one that goes on looking gets it.
          const [last] = processes;
          if (last === undefined) return;
          for (let looks = 0; looks < 8; looks += 1) {
            realMs += 3_000;
            last.view = look(last.view, stored, watch(last));
            stored = leaseToTake(last.view, { ...me, holder: last.holder }, watch(last)) ?? stored;
          }
          expect(stored?.holder).toBe(last.holder);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

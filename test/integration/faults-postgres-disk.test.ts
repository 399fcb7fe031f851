import { mkdirSync, chmodSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { expectCountedOnceOn } from './support/faults/evidence.ts';
import { setScene } from './support/faults/scene.ts';
import { fillDisk, mountTinyDisk } from './support/faults/tiny-disk.ts';
import { startMortalPostgres } from './support/postgres.ts';

/** A database takes some 8 MB, the tables of Ratchet another. */
const diskMegabytes = 48;

test('a database whose disk is full takes nothing, and takes all of it once there is room', async (context) => {
  const disk = mountTinyDisk(diskMegabytes);
  if (disk === undefined) {
    context.skip('this user may not mount a disk of its own, so none can be filled');
    return;
  }
  const postgres = await startMortalPostgres();
  try {
    const folder = join(disk.folder, 'space');
    mkdirSync(folder);
    chmodSync(dirname(disk.folder), 0o755);
    await postgres.addTablespace('tiny', folder);
    const url = await postgres.createDatabase(undefined, 'tiny');
    const scene = await setScene({ environment: { RATCHET_DATABASE: url } });
    try {
      await scene.server.logged('ready');
      const traffic = scene.startTraffic({ agents: 4, pauseMs: 10 });
      await traffic.forMs(1000);
      const filler = join(disk.folder, 'filler');
      const isReady = async (): Promise<boolean> => (await scene.readiness()).status === 200;
      const fill = async (): Promise<void> => {
        const deadline = performance.now() + 30_000;
        while (await isReady()) {
          // What little was allotted before is used up first.
          fillDisk(filler);
          if (performance.now() > deadline) throw new Error('the disk could not be filled');
          await delay(20);
        }
        await delay(1000);
      };
      await traffic.during(fill());
      expect(JSON.stringify(scene.server.log())).toContain('53100');
      rmSync(filler);
      const deadline = performance.now() + 30_000;
      while (!(await isReady())) {
        if (performance.now() > deadline) throw new Error('not ready again within 30 s');
        await delay(100);
      }
      await traffic.forMs(1000);
      await traffic.stop();
      expect(traffic.failures()).toEqual([]);
      expect(traffic.feedback().some(({ status }) => status === 503)).toBe(true);
      expect((await scene.stop()).code).toBe(0);
      await expectCountedOnceOn(traffic.feedback(), url);
    } finally {
      await scene.end();
    }
  } finally {
    await postgres.stop();
    disk.remove();
  }
});

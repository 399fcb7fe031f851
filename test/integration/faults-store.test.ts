import Database from 'better-sqlite3';
import { execFile } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/runtime/package-root.ts';
import { acknowledged, expectCountedOnce, readEvidence } from './support/faults/evidence.ts';
import { plantVariants, plantedText, type Planted } from './support/faults/plant-variants.ts';
import { setScene, type Scene, type SceneSettings } from './support/faults/scene.ts';
import { fillDisk, mountTinyDisk } from './support/faults/tiny-disk.ts';
import { promptOf, type Traffic } from './support/faults/traffic.ts';
import { expectUndelayed } from './support/faults/undelayed.ts';

/** How long traffic is measured before a fault, milliseconds. */
const normalMs = 800;

let scene: Scene;
afterEach(async () => scene.end());

async function start(settings: SceneSettings = {}): Promise<Traffic> {
  scene = await setScene(settings);
  await scene.server.logged('ready');
  const traffic = scene.startTraffic();
  await traffic.forMs(400);
  return traffic;
}

/** Tries until it holds or 15 s are over. */
async function eventually(name: string, look: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await look())) {
    if (Date.now() > deadline)
      throw new Error(
        `never: ${name}\n${scene.server
          .log()
          .map((line) => JSON.stringify(line))
          .join('\n')}`,
      );
    await delay(50);
  }
}

const isReady = async (): Promise<boolean> => (await scene.readiness()).status === 200;
const isCommitting = async (): Promise<boolean> => (await scene.readiness()).checks['store']?.isOk === true;

/** Lines of warning and of error since a moment. */
function complaints(since = 0): readonly string[] {
  return scene.server
    .log()
    .slice(since)
    .filter(({ level }) => level === 'warn' || level === 'error')
    .map(({ event }) => event);
}

/** Nothing failed, everything acknowledged counts once, the log is short and tells nobody's secrets. */
async function expectUnharmed(traffic: Traffic, path = scene.databasePath): Promise<void> {
  await traffic.stop();
  expect(traffic.failures()).toEqual([]);
  await eventually(
    'all decisions are written',
    async () => (await scene.readiness()).checks['recording']?.detail.startsWith('0 decisions wait') === true,
  );
  const stopped = await scene.stop();
  expect(stopped.code).toBe(0);
  expectCountedOnce(traffic.feedback(), path);
  const log = JSON.stringify(scene.server.log());
  for (const text of ['sk-client', 'You sort tickets', 'key 0.']) expect(log).not.toContain(text);
}

function integrityOf(path: string): unknown {
  const database = new Database(path, { readonly: true });
  const found = database.pragma('integrity_check', { simple: true });
  database.close();
  return found;
}

describe('a database', () => {
  test('that another process locks, for longer than any deadline, delays no completion', async () => {
    const traffic = await start();
    const normal = await traffic.forMs(normalMs);
    const lock = new Database(scene.databasePath);
    lock.exec('begin exclusive');
    const faulty = await traffic.during(delay(5500));
    const readiness = await scene.readiness();
    lock.exec('rollback');
    lock.close();
    expectUndelayed('locked', normal, faulty);
    expect(readiness.status).toBe(503);
    expect(readiness.checks['store']?.detail).toContain('SQLITE_BUSY');
    await eventually('it is ready again', isReady);
    expect(traffic.feedback().some(({ status }) => status === 503)).toBe(true);
    expect(complaints().length).toBeLessThanOrEqual(2);
    await scene.server.logged('store-recovered');
    await expectUnharmed(traffic);
  });

  test('whose disk is full takes nothing, and takes all of it once there is room', async (context) => {
    const disk = mountTinyDisk(24);
    if (disk === undefined) {
      scene = await setScene();
      context.skip('this user may not mount a disk of its own, so none can be filled');
      return;
    }
    try {
      const traffic = await start({ databaseFolder: disk.folder });
      const normal = await traffic.forMs(normalMs);
      const filler = join(disk.folder, 'filler');
      const fill = async (): Promise<void> => {
        // What little was allotted before is used up first.
        do {
          fillDisk(filler);
          await delay(10);
        } while (await isCommitting());
        for (const from = Date.now(); Date.now() - from < 2000; await delay(10)) fillDisk(filler);
      };
      const faulty = await traffic.during(fill());
      expectUndelayed('full disk', normal, faulty);
      expect(complaints().length).toBeLessThanOrEqual(4);
      expect(JSON.stringify(scene.server.log())).toContain('SQLITE_FULL');
      rmSync(filler);
      await eventually('it is ready again', isReady);
      await scene.server.logged('store-recovered');
      await expectUnharmed(traffic);
      expect(integrityOf(scene.databasePath)).toBe('ok');
    } finally {
      disk.remove();
    }
  });

  test('that cannot be written at start is used once it can be; made read-only while in use it goes on', async () => {
    // The superuser may write everywhere, so then the server is somebody else.
    const user = process.getuid?.() === 0 ? 65_534 : undefined;
    scene = await setScene({
      uid: user,
      prepare: (folder) => {
        if (user !== undefined) chownSync(folder, user, user);
        chmodSync(folder, 0o500);
      },
    });
    const traffic = scene.startTraffic();
    await traffic.forMs(1000);
    expect(await isReady()).toBe(false);
    expect(JSON.stringify(scene.server.log())).toContain('EACCES');
    expect(complaints().length).toBeLessThanOrEqual(3);
    chmodSync(scene.folder, 0o700);
    await eventually('it is ready', isReady);
    const normal = await traffic.forMs(normalMs);
    const before = scene.server.log().length;
    for (const suffix of ['', '-wal', '-shm']) chmodSync(scene.databasePath + suffix, 0o400);
    chmodSync(scene.folder, 0o500);
    const faulty = await traffic.during(delay(1500));
    expectUndelayed('read-only', normal, faulty);
    expect(complaints(before)).toEqual([]);
    chmodSync(scene.folder, 0o700);
    await expectUnharmed(traffic);
  });

  test('that loses its log, is removed or is replaced while it is in use is put in order by itself', async () => {
    const traffic = await start();
    const normal = await traffic.forMs(normalMs);
    const remove = async (suffixes: readonly string[]): Promise<void> => {
      const errors = complaints().filter((event) => event === 'database-file-lost').length;
      for (const suffix of suffixes) rmSync(scene.databasePath + suffix);
      await eventually(
        'it is noticed',
        () =>
          scene.server.log().filter(({ event }) => event === 'database-file-lost').length > errors ||
          suffixes.length === 0,
      );
      await eventually('it is ready again', isReady);
      await delay(300);
    };
    expectUndelayed('log removed', normal, await traffic.during(remove(['-wal', '-shm'])));
    await traffic.forMs(500);
    expectUndelayed('file removed', normal, await traffic.during(remove(['', '-wal', '-shm'])));
    expect(statSync(scene.databasePath).mode & 0o777).toBe(0o600);
    await expectUnharmed(traffic);
  });

  test('that is replaced by an older copy, or cut short and then replaced, is served from', async () => {
    const traffic = await start();
    const normal = await traffic.forMs(normalMs);
    const backup = join(scene.folder, 'backup.db');
    const live = new Database(scene.databasePath, { readonly: true });
    live.exec(`vacuum into '${backup}'`);
    live.close();
    const kept = readEvidence(backup);
    copyFileSync(backup, `${backup}.copy`);
    await traffic.forMs(800);
    const replace = async (copy: string): Promise<void> => {
      renameSync(copy, scene.databasePath);
      await eventually('it is the copy', () => existsSync(scene.databasePath));
      await delay(800);
      await eventually('it is ready again', isReady);
      await delay(300);
    };
    expectUndelayed('replaced', normal, await traffic.during(replace(backup)));
    const cutShort = async (): Promise<void> => {
      truncateSync(scene.databasePath, Math.floor(statSync(scene.databasePath).size / 2));
      await delay(1500);
    };
    expectUndelayed('cut short', normal, await traffic.during(cutShort()));
    await traffic.during(replace(`${backup}.copy`));
    const last = acknowledged(traffic.feedback()).length;
    await traffic.forMs(800);
    await traffic.stop();
    expect(traffic.failures()).toEqual([]);
    expect((await scene.stop()).code).toBe(0);
    // What the copy had is there, once, and what was acknowledged after it had come.
    const evidence = readEvidence(scene.databasePath);
    for (const [key, { state }] of kept)
      expect([key, evidence.get(key)]).toEqual([key, { state, counted: 1 }]);
    expectCountedOnce(acknowledged(traffic.feedback()).slice(last + 4), scene.databasePath);
    expect(integrityOf(scene.databasePath)).toBe('ok');
    expect(complaints().length).toBeLessThanOrEqual(8);
  });

  test('that is none at start fails no completion; once it is out of the way a new one begins', async () => {
    scene = await setScene({
      prepare: (folder) => writeFileSync(join(folder, 'ratchet.db'), 'x'.repeat(9000)),
    });
    const traffic = scene.startTraffic();
    await traffic.forMs(1500);
    expect(await isReady()).toBe(false);
    expect(await doctorSays()).toMatch(/SQLITE_NOTADB/);
    renameSync(scene.databasePath, `${scene.databasePath}.broken`);
    await eventually('it is ready', isReady);
    await traffic.forMs(500);
    expect(complaints().length).toBeLessThanOrEqual(4);
    await expectUnharmed(traffic);
  });
});

describe('a row that cannot be read', () => {
  const tasks = ['triage', 'reply', 'route'] as const;
  let planted: ReadonlyMap<string, Planted> = new Map();
  const idOf = (task: string): string => planted.get(task)?.taskId ?? '';
  const improved = (task: string): string => `${promptOf(task)}\n${plantedText}`;

  /** The task whose rows are damaged is `reply`. */
  const spoil = (sql: string): void => {
    const database = new Database(scene.databasePath);
    expect(database.prepare(sql).run({ id: idOf('reply') }).changes).toBeGreaterThan(0);
    database.close();
  };
  const storedPlan = (): unknown => {
    const database = new Database(scene.databasePath, { readonly: true });
    const plan = database
      .prepare('select plan from plans where task_id = ? order by version desc limit 1')
      .pluck()
      .get(idOf('reply'));
    database.close();
    return plan;
  };
  const servedPrompt = async (task: string, variant?: string): Promise<string | undefined> => {
    const message = `which prompt serves ${task}, ${performance.now()}`;
    const response = await fetch(`${scene.server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-ratchet-task': task,
        ...(variant === undefined ? {} : { 'x-ratchet-variant': variant }),
      },
      body: JSON.stringify({
        model: 'echo-1',
        messages: [
          { role: 'system', content: promptOf(task) },
          { role: 'user', content: message },
        ],
      }),
    });
    expect(response.status).toBe(200);
    return scene.upstream.promptOf(message);
  };

  test('leaves its task the last known plan, after a restart its own prompt, and the others everything', async () => {
    scene = await setScene({
      environment: { RATCHET_LEARNING_KEY: 'sk-learning' },
      prepare: async (folder) => {
        planted = await plantVariants(join(folder, 'ratchet.db'), tasks);
      },
    });
    await scene.server.logged('ready');
    const traffic = scene.startTraffic({ tasks });
    await traffic.forMs(600);
    const expectImproved = async (served: readonly string[]): Promise<void> => {
      for (const task of served)
        expect(await servedPrompt(task, planted.get(task)?.variantId)).toBe(improved(task));
    };
    await expectImproved(tasks);
    const normal = await traffic.forMs(normalMs);

    const plan = storedPlan();
    spoil("update plans set plan = 'You are a secret prompt' where task_id = $id");
    spoil('update tasks set revision = revision + 1000 where id = $id');
    expectUndelayed('damaged row', normal, await traffic.during(delay(1500)));
    await expectImproved(tasks);
    expect(await isReady()).toBe(true);
    expect(await doctorSays()).toContain(`table plans, row ${idOf('reply')}`);
    await traffic.stop();
    expect(traffic.failures()).toEqual([]);
    expect(traffic.feedback().some(({ status }) => status === 202)).toBe(true);

    await scene.restart();
    await scene.server.logged('ready');
    const later = scene.startTraffic({ tasks });
    await later.forMs(1500);
    expect(await servedPrompt('reply')).toBe(promptOf('reply'));
    await expectImproved(['triage', 'route']);
    expect(await isReady()).toBe(true);
    await later.stop();
    expect(later.failures()).toEqual([]);
    expect(new Set(complaints())).toEqual(new Set(['row-damaged']));
    expect(complaints().length).toBeLessThanOrEqual(3);
    expect(JSON.stringify(scene.server.log())).not.toContain('secret prompt');

    // Once the row is mended, what was given meanwhile counts too.
    expect((await scene.stop()).code).toBe(0);
    const database = new Database(scene.databasePath);
    database
      .prepare(
        'update plans set plan = $plan where task_id = $id and version = (select max(version) from plans)',
      )
      .run({ id: idOf('reply'), plan });
    database.close();
    await scene.restart();
    await scene.server.logged('ready');
    await eventually('all of it counts', () => {
      const evidence = readEvidence(scene.databasePath);
      return [...evidence.values()].every(({ state }) => state === 'resolved');
    });
    expectCountedOnce([...traffic.feedback(), ...later.feedback()], scene.databasePath);
  });
});

describe('the store thread', () => {
  test('that dies again and again, hangs, or runs out of memory delays no completion, and loses nothing', async () => {
    const traffic = await start();
    const normal = await traffic.forMs(normalMs);
    scene.inflict('store', 'die');
    expectUndelayed('store dies', normal, await traffic.during(delay(2000)));
    expect((await scene.readiness()).checks['store']?.detail).toContain('not running');
    scene.lift('store', 'die');
    await eventually('it is ready again', isReady);

    scene.inflict('store', 'hang');
    expectUndelayed('store hangs', normal, await traffic.during(delay(6000)));
    expect((await scene.readiness()).checks['store']?.isOk).toBe(false);
    scene.lift('store', 'hang');
    await eventually('it is ready again', isReady);

    scene.inflict('store', 'hoard');
    await eventually('it has died of it', () =>
      scene.server.log().some(({ error }) => /memory limit/.test(String(error))),
    );
    scene.lift('store', 'hoard');
    await eventually('it is ready again', isReady);
    // Three faults: each is told when it begins, in a few words.
    expect(complaints().length).toBeLessThanOrEqual(10);
    await expectUnharmed(traffic);
  });

  test('that hangs while long requests come holds no more of them than fit, and counts what it drops', async () => {
    scene = await setScene();
    await scene.server.logged('ready');
    const body = JSON.stringify({
      model: 'echo-1',
      messages: [
        { role: 'system', content: promptOf('triage') },
        { role: 'user', content: 'x'.repeat(3_000_000) },
      ],
    });
    const post = async (): Promise<void> => {
      const response = await fetch(`${scene.server.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-ratchet-task': 'triage' },
        body,
      });
      expect(response.status).toBe(200);
      await response.text();
    };
    await post();
    await delay(200);
    scene.inflict('store', 'hang');
    for (let round = 0; round < 15; round++) await Promise.all(Array.from({ length: 4 }, post));
    expect(await scene.metric('ratchet_decisions_dropped_total')).toBeGreaterThan(10);
    console.log(`60 requests of 3 MB while the store hangs: ${(scene.memoryBytes() / 1e6).toFixed(0)} MB`);
    expect(scene.memoryBytes()).toBeLessThan(1_000_000_000);
    await scene.server.logged('decisions-dropped');
    expect(complaints().filter((event) => event === 'decisions-dropped')).toHaveLength(1);
    scene.lift('store', 'hang');
    await eventually('it is ready again', isReady);
    expect((await scene.stop()).code).toBe(0);
  });
});

async function doctorSays(): Promise<string> {
  const run = promisify(execFile)(process.execPath, [join(packageRoot(), 'bin/ratchet.js'), 'doctor'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      RATCHET_PORT: '0',
      RATCHET_UPSTREAM: scene.upstream.url,
      RATCHET_DATABASE: `sqlite:${scene.databasePath}`,
    },
  });
  const { stdout } = await run.catch((failed: { readonly stdout: string }) => failed);
  return stdout;
}

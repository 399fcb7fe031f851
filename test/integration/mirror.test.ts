import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoConfig } from '../../src/cli/world-run/demo-config.ts';
import { createLiveAgent } from '../../src/cli/world-run/live-agent.ts';
import { startServer, type RunningServer } from '../../src/main.ts';
import { defaultShadow } from '../../src/domain/task.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { loadWorld } from '../../src/upstream/simulated/load-world.ts';
import { startWorld } from '../../src/upstream/simulated/running-world.ts';
import { startWorldServer, type WorldServer } from '../../src/upstream/simulated/world-server.ts';

let folder: string;
let upstream: WorldServer;
let server: RunningServer;
const world = await loadWorld(new URL('../../worlds/adopted-then-harmful.json', import.meta.url).pathname);
const running = startWorld(world, 3);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ratchet-mirror-'));
  upstream = await startWorldServer(running, { clock: systemClock });
  const config = demoConfig(world, { upstream: upstream.url, folder, requests: 5_000 });
  const tasks = Object.fromEntries(
    Object.entries(config.tasks).map(([name, task]) => [
      name,
      { ...task, shadow: { ...defaultShadow, mode: 'mirror' as const } },
    ]),
  );
  server = await startServer({ ...config, tasks, recording: 'metadata' }, { learnerMs: 100, gateMs: 50 });
});

afterAll(async () => {
  await server.close();
  await upstream.close();
  await rm(folder, { recursive: true, force: true });
});

test('with nothing but metadata stored, requests are mirrored from memory and campaigns get their pairs', async () => {
  const agent = createLiveAgent(server.url, world.name);
  const database = new Database(join(folder, 'ratchet.db'), { readonly: true });
  const count = (query: string): number => Number(Object.values(database.prepare(query).get() ?? {})[0]);
  const deadline = performance.now() + 60_000;
  while (count('select count(*) from pairs') < 40 && performance.now() < deadline) {
    const request = running.agent.nextRequest();
    const answer = await agent.ask(request.body, request.episode);
    const planned = running.agent.feedbackFor(request, upstream.servedAnswer(answer.completionId));
    if (planned !== undefined) await agent.score([{ decisionId: answer.decisionId, planned }]);
    await delay(2);
  }
  expect(count('select count(*) from pairs')).toBeGreaterThanOrEqual(40);
  expect(count('select count(*) from decisions')).toBeGreaterThan(40);
  expect(count('select count(*) from decisions where content is not null')).toBe(0);
  expect(count('select count(*) from shadow_runs')).toBe(0);
  database.close();
}, 90_000);

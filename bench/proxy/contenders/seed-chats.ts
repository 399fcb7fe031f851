import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Tools } from '../machine.ts';
import { rawRequest, type RequestTemplate } from '../load/requests.ts';
import { openConnection, type Exchange } from '../load/connection.ts';
import { fillerOf } from '../load/template.ts';
import { admitVariants, openSeedStore } from './admit-variants.ts';
import { databaseName, startRatchet } from './ratchet.ts';

/** Requests of each kind, so that what differs between them is known as a slot, and the prompt counts as settled. */
const requestsEach = 60;

/** What a Ratchet that only learns needs. */
export interface SeedPlace {
  readonly upstreamPort: number;
  readonly tools: Tools;
}

/**
 * Makes a database as a Ratchet has it that has seen these requests and whose gate has promoted a variant of each task:
 * a Ratchet learns tasks and slots from requests, then plans of `1 + edited` arms are added. Resolves to its folder.
 */
export async function seedChats(
  folder: string,
  requests: readonly RequestTemplate[],
  edited: number,
  where: SeedPlace,
): Promise<string> {
  await learnFrom(folder, requests, where);
  const path = join(folder, databaseName);
  const store = await openSeedStore(path);
  const { tasks } = await store.readSnapshot(0);
  const expected = new Set(requests.map(({ body }) => body.slice(0, 200))).size;
  if (tasks.length !== expected) throw new Error(`${expected} kinds of prompt made ${tasks.length} tasks`);
  for (const task of tasks) await admitVariants(path, store, task, edited);
  await store.close();
  return folder;
}

/** Has a Ratchet of its own see the requests, and leaves its database in a folder. */
export async function learnFrom(
  folder: string,
  requests: readonly RequestTemplate[],
  { upstreamPort, tools }: SeedPlace,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const ratchet = await startRatchet(
    { name: 'seed', seed: undefined, folder, record: 'metadata', traces: undefined },
    upstreamPort,
    tools,
  );
  try {
    for (const request of requests) await sendSome(ratchet.port, request);
  } finally {
    await ratchet.stop();
  }
}

async function sendSome(port: number, request: RequestTemplate): Promise<void> {
  const fill = fillerOf(
    rawRequest(request, { host: `127.0.0.1:${port}`, root: '/v1', added: {} }),
    request.tasks,
  );
  const connection = openConnection(port);
  for (let number = 0; number < requestsEach; number += 1) {
    const { promise, resolve } = Promise.withResolvers<Exchange>();
    connection.send(fill(number), resolve);
    const { status } = await promise;
    if (status !== 200) throw new Error(`a request of the seed was answered with ${status}`);
  }
  connection.close();
}

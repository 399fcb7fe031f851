import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { banditFold } from './bandit/fold.ts';
import { alone, lead } from './composition/leadership.ts';
import { createReplaceableStore } from './composition/replaceable-store.ts';
import { createDamageReporter } from './composition/report-damage.ts';
import type {
  FromLearningThread,
  LearningThreadData,
  ToLearningThread,
} from './composition/thread-messages.ts';
import { defaultPrice } from './domain/price.ts';
import { createGate } from './gate/cycle.ts';
import { createGateMemory } from './gate/gate-memory.ts';
import { runLearnerCycle } from './learner/cycle.ts';
import { createLearnerMemory } from './learner/learner-memory.ts';
import { startHeartbeat } from './runtime/heartbeat.ts';
import { createLogger } from './runtime/logger.ts';
import { startLoop } from './runtime/loop.ts';
import { followClock } from './runtime/steady-clock.ts';
import { createSystemRandom } from './runtime/system-random.ts';
import { openDatabase } from './store/kysely/open-database.ts';
import { createMirroredStore } from './store/live/mirrored-store.ts';
import { connectStore } from './store/threaded/connect-store.ts';
import { splitStore } from './store/threaded/split-store.ts';
import type { Store } from './store/store.ts';
import { relayTelemetry } from './telemetry/relayed.ts';
import { createHttpWebhooks } from './upstream/http/http-webhooks.ts';
import { createOpenAiChatModel } from './upstream/openai/openai-chat-model.ts';
import { createOpenAiEmbeddings } from './upstream/openai/openai-embeddings.ts';
import { rememberEmbeddings } from './upstream/openai/remembered-embeddings.ts';

/** Longest pause between cycles that fail, milliseconds. */
const cycleMsMax = 300_000;

/** The thread that learns and judges. It reads the database itself and writes through the store thread. */
const data: LearningThreadData = workerData;
const mainThread = parentPort;
if (mainThread === null) throw new Error('learning.worker runs as a thread of the server');

const logger = createLogger(data.logLevel);
const random = createSystemRandom();
const clock = followClock(data.clockOffset);
const report = (message: FromLearningThread): void => mainThread.postMessage(message, []);
const writer = createReplaceableStore();
const reader = createReplaceableStore();
const model = createOpenAiChatModel({
  baseUrl: data.learning.upstream,
  apiKey: data.learning.key,
  clock,
});
const { embeddingModel } = data.learning;
const embedding =
  embeddingModel === null
    ? {}
    : {
        embeddings: rememberEmbeddings(
          createOpenAiEmbeddings({
            baseUrl: data.learning.upstream,
            apiKey: data.learning.key,
            model: embeddingModel,
            clock,
          }),
          clock,
        ),
      };
const deps = {
  model,
  clock,
  random,
  logger,
  telemetry: relayTelemetry((message) => report({ kind: 'telemetry', message })),
  priceOf: (name: string) => data.prices[name] ?? defaultPrice,
};

const gateMemory = createGateMemory(clock, data.shadow);
const mirrored = createMirroredStore(splitStore({ reads: reader.store, writes: writer.store }), clock);
const { store } = mirrored;

const connected = Promise.withResolvers<void>();
let finish = async (): Promise<void> => {};
let opened: Store | undefined;
// One after the other: a database is closed before the next one is opened. If it cannot be, the thread dies.
let turn = Promise.resolve();
mainThread.on('message', (message: ToLearningThread) => {
  switch (message.kind) {
    case 'connect':
      turn = turn.then(async () => connect(message.port));
      return;
    case 'disconnect':
      turn = turn.then(disconnect);
      return;
    case 'live':
      return mirrored.receive(message.decisions);
    case 'rate-limit':
      return gateMemory.pace.notice(message.model, message.rateLimit);
    case 'stop':
      return void finish().finally(() => process.exit(0));
  }
});
startHeartbeat(() => report({ kind: 'alive' }));

async function connect(port: MessagePort): Promise<void> {
  await disconnect();
  const database = await openDatabase(data.database, {
    fold: banditFold,
    clock,
    random,
    mode: 'reader',
    onDamage: createDamageReporter(logger),
  });
  opened = database.store;
  reader.use(opened);
  writer.use(connectStore(port));
  connected.resolve();
}

/** As long as this thread has a file open, the next to open it might find something left of its journals. */
async function disconnect(): Promise<void> {
  reader.lose();
  writer.lose();
  await opened?.close();
  opened = undefined;
}

// Without the store thread nothing that is found out could be kept.
await connected.promise;
const memory = createLearnerMemory();
const { concurrency, usdPerDay } = data.shadow;
const gate = createGate({
  ...deps,
  gateMemory,
  usdPerDay,
  bounds: { concurrency },
  ...embedding,
  webhooks: createHttpWebhooks(data.learning.webhookSecrets),
  store,
  judgeModelName: data.learning.judgeModel,
});
// A file is one process's; on a server others may learn too.
const leadership =
  data.database.kind === 'sqlite'
    ? alone
    : lead(store, { name: 'learning', holder: `${hostname()} ${process.pid} ${randomUUID()}`, logger });
const loop = { backoffMsMax: cycleMsMax, logger };
const learning = startLoop(
  async (signal) =>
    leadership.isHeld() &&
    runLearnerCycle({ ...deps, store, memory, optimizerModelName: data.learning.optimizerModel, signal }),
  { ...loop, name: 'learner', intervalMs: data.learnerMs },
);
const judge = async (): Promise<void> => {
  if (!leadership.isHeld()) return;
  await gate.runCycle();
  const taskIds = mirrored.taskIds();
  if (taskIds.length > 0) report({ kind: 'take-live', taskIds });
};
const judging = startLoop(judge, { ...loop, name: 'gate', intervalMs: data.gateMs });

finish = async () => {
  await Promise.all([learning.stop(), judging.stop()]);
  await leadership.stop();
  await disconnect();
};

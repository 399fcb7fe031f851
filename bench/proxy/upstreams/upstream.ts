import { fileURLToPath } from 'node:url';
import { ownAnnouncement, startProcess } from '../child-process.ts';
import { cores, type Tools } from '../machine.ts';
import { startNginx } from '../nginx.ts';
import { answerHeaders, answerNumber, jsonAnswer, receivedHeader } from './answer.ts';

/** A model that is no model, on the core of the load generator. Its API begins at `/v1`. */
export interface Upstream {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/** Starts an upstream whose answers are JSON: nginx where there is one, else a small server of ours. */
export async function startJsonUpstream(tools: Tools): Promise<Upstream> {
  const { nginx } = tools;
  if (nginx === undefined) return startReadingUpstream(tools);
  return startNginx(nginx, configuration, pinOf(tools));
}

/** Starts an upstream whose answers are JSON, once it has read the whole request. */
export async function startReadingUpstream(tools: Tools): Promise<Upstream> {
  return startOwn('./json.process.ts', tools);
}

/** Starts an upstream whose answers are streams. */
export async function startStreamUpstream(tools: Tools): Promise<Upstream> {
  return startOwn('./stream.process.ts', tools);
}

/** Each answer has an id of its own, as nginx numbers requests. */
function configuration(listen: string): string {
  const added = Object.entries({ ...answerHeaders, [receivedHeader]: '$content_length' })
    .map(([name, value]) => `add_header ${name} "${value}";`)
    .join(' ');
  return `server {
    ${listen}
    default_type application/json;
    ${added}
    location / { return 200 '${jsonAnswer.replaceAll(answerNumber, '$request_id')}'; }
  }`;
}

async function startOwn(file: string, tools: Tools): Promise<Upstream> {
  const running = await startProcess({
    command: process.execPath,
    parameters: [fileURLToPath(new URL(file, import.meta.url))],
    pin: pinOf(tools),
    ready: { announcement: ownAnnouncement },
  });
  return { port: Number(running.announced), stop: running.stop };
}

function pinOf({ taskset }: Tools): { taskset: string; core: number } | undefined {
  return taskset === undefined ? undefined : { taskset, core: cores.rest };
}

import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Job, RunResult } from './run.ts';

/** Runs jobs on as many threads as there are cores, each taking the next one; results in the order of the jobs. */
export async function runAll(
  jobs: readonly Job[],
  onResult: (done: number, result: RunResult) => void = () => {},
): Promise<readonly RunResult[]> {
  const results: RunResult[] = [];
  const line = { next: 0, done: 0 };
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL('./run.worker.ts', import.meta.url));
    try {
      while (line.next < jobs.length) {
        const place = line.next;
        line.next += 1;
        const job = jobs[place];
        if (job === undefined) break;
        const result = await ask(worker, job);
        results[place] = result;
        line.done += 1;
        onResult(line.done, result);
      }
    } finally {
      await worker.terminate();
    }
  };
  const threads = Math.min(availableParallelism(), jobs.length);
  await Promise.all(Array.from({ length: threads }, work));
  return results;
}

async function ask(worker: Worker, job: Job): Promise<RunResult> {
  const { promise, resolve, reject } = Promise.withResolvers<RunResult>();
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.postMessage(job, []);
  try {
    return await promise;
  } finally {
    worker.removeAllListeners('message');
    worker.removeAllListeners('error');
  }
}

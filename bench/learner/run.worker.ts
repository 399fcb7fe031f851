import { parentPort } from 'node:worker_threads';
import { run, type Job } from './run.ts';

/** Answers each job with its result; what a run throws ends the thread, and with it the bench. */
parentPort?.on('message', (job: Job) => {
  void run(job).then((result) => parentPort?.postMessage(result, []));
});

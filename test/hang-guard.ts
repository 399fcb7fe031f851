import { Worker } from 'node:worker_threads';

/**
 * Timeouts of tests cannot end code that never lets the event loop turn. A thread beside each test process watches that
 * it does, and ends the process after longer than any test may take, so that the run fails and tells in which file.
 */
const blockedMsMax = 180_000;
const beatMs = 1000;

const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
setInterval(() => Atomics.add(beats, 0, 1), beatMs).unref();

const watching = `
  const { workerData: { beats, blockedMsMax } } = require('node:worker_threads');
  let seen = -1;
  setInterval(() => {
    const now = Atomics.load(beats, 0);
    if (now !== seen) {
      seen = now;
      return;
    }
    process.stderr.write('the event loop has not turned for ' + blockedMsMax + ' ms: this test process is ended\\n');
    process.kill(process.pid, 'SIGKILL');
  }, blockedMsMax);
`;
new Worker(watching, { eval: true, workerData: { beats, blockedMsMax } }).unref();

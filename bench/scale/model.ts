import type { ScaleRun } from './measure.ts';

/** What a rate of requests would need, by the constants of one run. */
export interface Forecast {
  readonly requestsPerSecond: number;
  /** Cores for proxies that are busy for seven tenths of the time. */
  readonly proxyCores: number;
  readonly databaseCores: number;
  readonly rowsPerSecond: number;
  /** Megabytes of write-ahead log a second. */
  readonly logMegabytes: number;
  /** Share of what feedback the database can take, at one score for twenty requests. */
  readonly feedbackLoad: number;
}

const busyShare = 0.7;
const feedbackShare = 1 / 20;

/** Linear in the requests: everything that is shared is written by row, and read by version. */
export function forecast(run: ScaleRun, requestsPerSecond: number): Forecast {
  const { perRequest } = run;
  return {
    requestsPerSecond,
    proxyCores: (requestsPerSecond * run.cpuPerRequest) / 1e6 / busyShare,
    databaseCores: (requestsPerSecond * perRequest.cpuMicros) / 1e6 / busyShare,
    rowsPerSecond: requestsPerSecond * perRequest.rows,
    logMegabytes: (requestsPerSecond * perRequest.logBytes) / 1e6,
    feedbackLoad: (requestsPerSecond * feedbackShare) / run.feedbackPerSecond,
  };
}

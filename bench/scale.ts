import { parseArgs } from 'node:util';
import { findTools } from './proxy/machine.ts';
import { startJsonUpstream } from './proxy/upstreams/upstream.ts';
import { startCluster } from './scale/cluster.ts';
import { measureScale, type ScaleRun } from './scale/measure.ts';
import { forecast, type Forecast } from './scale/model.ts';
import { staleRegret } from './scale/regret.ts';
import { measureRetention, type RetentionRun } from './scale/retention.ts';
import { startPostgres } from '../test/integration/support/postgres.ts';

const usage = `npm run bench:scale -- [options]

Starts PostgreSQL from an npm package and proxies beside one another, and measures what the database does for each
request, with all conversations recorded and with a share of them; how soon a new plan serves everywhere; and how much
feedback is taken, and by how much old probabilities raise the regret. Then it says what 1,000, 10,000 and 100,000 requests a second would need. Takes about three minutes.

  --proxies N,N   numbers of proxies (1,2,4)
  --shares N,N    shares of the conversations that are recorded (1,0.05)
  --seconds N     length of each load (6)
  --retention N   instead of all that: what removing a day of so many decisions over eleven days takes, row by row and
                  with divided decisions, and what dividing costs everything else
  --json          print everything as JSON
  --help          print this`;

const { values } = parseArgs({
  options: {
    proxies: { type: 'string', default: '1,2,4' },
    shares: { type: 'string', default: '1,0.05' },
    seconds: { type: 'string', default: '6' },
    retention: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const [counts, shares] = [values.proxies, values.shares].map((list) => list.split(',').map(Number));
const seconds = Number(values.seconds);
const isRight =
  counts?.every((count) => Number.isInteger(count) && count > 0) === true &&
  shares?.every((share) => share > 0 && share <= 1) === true &&
  seconds > 0;
if (values.help || !isRight) {
  process.stdout.write(`${usage}\n`);
  process.exit(values.help ? 0 : 2);
}

if (values.retention !== undefined) {
  const rows = Number(values.retention);
  const server = await startPostgres();
  if (!values.json) print(retentionHeader());
  const removals: RetentionRun[] = [];
  for (const isDivided of [false, true]) {
    const removal = await measureRetention(server, rows, isDivided);
    removals.push(removal);
    if (!values.json) print(retentionLine(removal));
  }
  await server.stop();
  if (values.json) print(JSON.stringify({ rows, removals }, null, 2));
  process.exit(0);
}

function retentionHeader(): string {
  return 'divided  rows removed  sweeps ms  vacuum ms  log MB  recording µs/decision  µs/feedback';
}

function retentionLine(run: RetentionRun): string {
  return [
    (run.isDivided ? 'yes' : 'no').padStart(7),
    String(run.removed).padStart(13),
    run.removalMs.toFixed(0).padStart(10),
    run.vacuumMs.toFixed(0).padStart(10),
    run.logMegabytes.toFixed(1).padStart(7),
    run.recordingPerDecision.toFixed(0).padStart(22),
    run.perFeedback.toFixed(0).padStart(12),
  ].join(' ');
}

const runHeader =
  'proxies  recorded  requests/s  µs/request   rows  transactions  log bytes  database µs  idle tx/s  plan p50, max ms  feedback/s';

function runLine(run: ScaleRun): string {
  const { perRequest, staleness } = run;
  return [
    String(run.proxies).padStart(7),
    `${run.share * 100} %`.padStart(9),
    run.requestsPerSecond.toFixed(0).padStart(11),
    run.cpuPerRequest.toFixed(0).padStart(11),
    perRequest.rows.toFixed(2).padStart(6),
    perRequest.transactions.toFixed(3).padStart(13),
    perRequest.logBytes.toFixed(0).padStart(10),
    perRequest.cpuMicros.toFixed(0).padStart(12),
    run.idlePerProxy.toFixed(1).padStart(10),
    `${staleness.p50.toFixed(0)}, ${staleness.max.toFixed(0)}`.padStart(17),
    run.feedbackPerSecond.toFixed(0).padStart(11),
  ].join(' ');
}

const forecastHeader =
  'requests/s  proxy cores  database cores    rows/s  log MB/s  share of the feedback that is possible';

function forecastLine(need: Forecast): string {
  return [
    need.requestsPerSecond.toLocaleString('en').padStart(10),
    need.proxyCores.toFixed(1).padStart(12),
    need.databaseCores.toFixed(1).padStart(15),
    need.rowsPerSecond.toFixed(0).padStart(9),
    need.logMegabytes.toFixed(1).padStart(9),
    `${(need.feedbackLoad * 100).toFixed(0)} %`.padStart(8),
  ].join(' ');
}

const rates = [1_000, 10_000, 100_000];

/** How regret is compared: rewards of the same seeds, at a rate at which news are old after few requests. */
const regretSeeds = 10;
const regretRate = 1_000;

/** Regret of so many proxies whose news are as old as measured, as a multiple of that of one process. */
function regretLine({ proxies, staleness }: ScaleRun): string {
  const ratio = meanRegret(proxies, staleness.max) / meanRegret(1, 0);
  return `${proxies} proxies, news at most ${staleness.max.toFixed(0)} ms old: regret ${ratio.toFixed(2)} of that of one process`;
}

function meanRegret(proxies: number, staleMs: number): number {
  const place = { proxies, staleMs, requestsPerSecond: regretRate };
  const regrets = Array.from({ length: regretSeeds }, (_, seed) => staleRegret(place, seed + 1));
  return regrets.reduce((sum, each) => sum + each, 0) / regretSeeds;
}

const upstream = await startJsonUpstream(findTools());
const cluster = await startCluster();
const runs: ScaleRun[] = [];
if (!values.json) print(runHeader);
for (const share of shares ?? [])
  for (const proxies of counts ?? []) {
    const place = { proxies, share, upstreamPort: upstream.port };
    const run = await measureScale(cluster, place, { seconds, planChanges: 20, feedbacks: 1_000 });
    runs.push(run);
    if (!values.json) print(runLine(run));
  }
await cluster.stop();
await upstream.stop();
const forecasts = runs
  .filter(({ proxies }) => proxies === counts?.[0])
  .map((run) => ({ share: run.share, rates: rates.map((rate) => forecast(run, rate)) }));
if (values.json) print(JSON.stringify({ runs, forecasts }, null, 2));
else {
  print(
    `\nTwo arms .1 apart that change places, ${regretRate.toLocaleString('en')} scored requests a second:`,
  );
  for (const run of runs.filter(({ share }) => share === shares?.[0])) print(regretLine(run));
  for (const { share, rates: needs } of forecasts) {
    print(
      `\nBy these constants, ${share * 100} % recorded, one score for twenty requests:\n${forecastHeader}`,
    );
    for (const need of needs) print(forecastLine(need));
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

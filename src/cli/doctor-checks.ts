import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import type { Config } from '../configuration/config.ts';
import { formatDuration } from '../configuration/duration.ts';
import { upstreamsInUse } from '../configuration/relay-config.ts';
import type { DatabaseLocation } from '../store/database-location.ts';
import type { UpstreamConfig, UpstreamCredential } from '../domain/upstream.ts';
import { checkRecords } from './check-records.ts';
import { checkServer } from './check-server.ts';
import { failure, ok, warning, type Finding } from './finding.ts';

/** Longest wait for an upstream, milliseconds. */
const upstreamMsMax = 5000;

/** A clock further off than this makes decision ids expire early or late, milliseconds. */
const clockSkewMsMax = 60_000;

/** Looks at everything that a server with this configuration would need. */
export async function diagnose(config: Config): Promise<readonly Finding[]> {
  const [upstreams, port, database] = await Promise.all([
    Promise.all(upstreamsInUse(config.relay).map(checkUpstream)),
    checkPort(config),
    checkDatabase(config.database),
  ]);
  return [
    checkConfiguration(config),
    ...upstreams.map(([finding]) => finding),
    checkClock(upstreams.map(([, date]) => date).find((date) => date !== null) ?? null),
    port,
    database,
    checkRecording(config),
    checkLearning(config),
  ];
}

function checkConfiguration({ file, warnings }: Config): Finding {
  const from = file === null ? 'environment and defaults' : file;
  return warnings.length === 0
    ? ok('configuration', from)
    : warning(
        'configuration',
        `${from}; ${warnings.join('; ')}`,
        'correct what is named; see docs/configuration.md',
      );
}

/** What one upstream answers, and what it says the time is. */
async function checkUpstream(upstream: UpstreamConfig): Promise<readonly [Finding, string | null]> {
  const { name, url, credential } = upstream;
  const title = name === 'default' ? 'upstream' : `upstream ${name}`;
  const startedAtMs = Date.now();
  try {
    const response = await fetch(`${url}/models`, {
      headers: keyHeaders(credential),
      // A key is for this address alone.
      redirect: 'manual',
      signal: AbortSignal.timeout(upstreamMsMax),
    });
    await response.body?.cancel();
    const answered = `${url} answered ${response.status} in ${Date.now() - startedAtMs} ms`;
    const finding = describeAnswer(title, answered, { upstream, status: response.status });
    return [finding, response.headers.get('date')];
  } catch (error) {
    const reason =
      error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : '';
    const place = name === 'default' ? 'RATCHET_UPSTREAM' : `upstreams.${name}.url`;
    return [
      failure(
        title,
        `${url} cannot be reached: ${reason}`,
        `check ${place}, the network and the proxy settings`,
      ),
      null,
    ];
  }
}

function keyHeaders(credential: UpstreamCredential): Record<string, string> {
  if (credential.kind !== 'key') return {};
  const { key, header } = credential;
  return header === null || header === 'authorization'
    ? { authorization: `Bearer ${key}` }
    : { [header]: key };
}

function describeAnswer(
  title: string,
  answered: string,
  { upstream, status }: { readonly upstream: UpstreamConfig; readonly status: number },
): Finding {
  const { name, credential } = upstream;
  if (status >= 500) return warning(title, answered, 'wait, or ask whoever runs the upstream');
  if (credential.kind === 'key' && (status === 401 || status === 403))
    return failure(
      title,
      `${answered}: the key was refused`,
      `correct ${name === 'default' ? 'RATCHET_UPSTREAM_KEY' : `the key of upstreams.${name}`}`,
    );
  return ok(title, answered);
}

function checkClock(date: string | null): Finding {
  const theirs = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(theirs)) return ok('clock', 'the upstream tells no time to compare with');
  const skewMs = Math.abs(Date.now() - theirs);
  return skewMs <= clockSkewMsMax
    ? ok('clock', `within ${Math.ceil(skewMs / 1000)} s of the upstream's`)
    : warning(
        'clock',
        `${formatDuration(Math.round(skewMs / 1000) * 1000)} off the upstream's`,
        'synchronise the clock',
      );
}

function checkPort({ host, port }: Config): Promise<Finding> {
  const { promise, resolve } = Promise.withResolvers<Finding>();
  const server = createServer();
  server.once('error', (error) =>
    resolve(
      'code' in error && error.code === 'EADDRINUSE'
        ? warning('port', `${host}:${port} is taken`, 'fine if Ratchet runs there; else set RATCHET_PORT')
        : failure(
            'port',
            `cannot listen on ${host}:${port}: ${error.message}`,
            'set RATCHET_HOST and RATCHET_PORT',
          ),
    ),
  );
  server.listen(port, host, () => {
    server.close(() => resolve(ok('port', `${host}:${port} is free`)));
  });
  return promise;
}

async function checkDatabase(database: DatabaseLocation): Promise<Finding> {
  return database.kind === 'sqlite' ? checkFile(database.path) : checkServer(database);
}

async function checkFile(path: string): Promise<Finding> {
  const file = await stat(path).catch(() => undefined);
  if (file === undefined) {
    const folder = await nearestFolder(dirname(path));
    return folder === undefined
      ? failure('database', `${path} cannot be created`, 'make its folder writable, or set RATCHET_DATABASE')
      : ok('database', `${path} will be created`);
  }
  if (!file.isFile()) return failure('database', `${path} is no file`, 'set RATCHET_DATABASE');
  try {
    await access(path, constants.R_OK | constants.W_OK);
  } catch {
    return failure('database', `${path} cannot be written to`, 'change its owner, or set RATCHET_DATABASE');
  }
  // An empty file becomes a database.
  const damage = file.size === 0 ? undefined : await checkRecords(path);
  if (damage !== undefined) return damage;
  return (file.mode & 0o077) === 0
    ? ok('database', `${path}, ${(file.size / 1e6).toFixed(1)} MB`)
    : warning(
        'database',
        `${path} can be read by others; it holds recorded prompts and the signing secret`,
        `chmod 600 ${path}`,
      );
}

/** The closest folder above that exists, if files can be made in it. */
async function nearestFolder(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return dirname(path) === path ? undefined : nearestFolder(dirname(path));
  if (!found.isDirectory()) return undefined;
  return access(path, constants.W_OK).then(
    () => path,
    () => undefined,
  );
}

function checkRecording({ recording, recordedShare, retentionMs, tasks }: Config): Finding {
  const kept = formatDuration(retentionMs);
  switch (recording) {
    case 'full':
      if (recordedShare < 1)
        return warning(
          'recording',
          `${Math.round(recordedShare * 1000) / 10} % of the conversations with their text, kept for ${kept}`,
          'give feedback by the signed id of x-ratchet-decision, and name conversations: other names are known of recorded ones only',
        );
      return ok('recording', `requests with their text, kept for ${kept}`);
    case 'metadata': {
      const mirrored = Object.keys(tasks).filter((name) => tasks[name]?.shadow?.mode === 'mirror');
      if (mirrored.length > 0)
        return ok(
          'recording',
          `requests without their text, kept for ${kept}: only ${mirrored.join(', ')} can be learned from, while requests pass`,
        );
      return warning(
        'recording',
        `requests without their text, kept for ${kept}: nothing can be learned from them`,
        'set RATCHET_RECORD=full, or shadow: {mode: mirror} in a task',
      );
    }
    case 'off':
      return warning(
        'recording',
        'nothing: nothing can be learned, and feedback must name the id of the x-ratchet-decision header',
        'set RATCHET_RECORD=full',
      );
  }
}

function checkLearning({ learning }: Config): Finding {
  return learning.key === null
    ? warning(
        'learning',
        'no key: Ratchet proxies and records, and proposes nothing',
        'set RATCHET_LEARNING_KEY',
      )
    : ok(
        'learning',
        `${learning.optimizerModel} proposes and ${learning.judgeModel} judges at ${learning.upstream}`,
      );
}

import { resolve } from 'node:path';
import type { Config, ShadowLimits } from './configuration/config.ts';
import { configFileSchema, configJsonSchema } from './configuration/config-file.schema.ts';
import type { ConfigEntries } from './configuration/entries.ts';
import { toApiKey } from './configuration/api-keys.ts';
import { findFile, readYaml, schemaReader } from './configuration/config-files.ts';
import {
  isTrue,
  readEnvironment,
  textOf,
  unknownVariables,
  variableOf,
  type Environment,
} from './configuration/environment.ts';
import { assertSafe, isLoopbackHost } from './configuration/network-safety.ts';
import { invalidConfiguration } from './configuration/invalid-configuration.ts';
import { hasOwnKey, relayWarnings, toRelayConfig } from './configuration/relay-config.ts';
import { faultOf } from './configuration/schema-fault.ts';
import { toTaskConfig } from './configuration/task-config.ts';
import { webhookSecretsOf } from './configuration/webhook-secrets.ts';
import type { TaskConfig } from './domain/task.ts';
import { unmeasuredGuardrails } from './gate/guardrails.ts';
import { parseLocation, type DatabaseLocation } from './store/database-location.ts';

/**
 * Reads the configuration: environment first, then `ratchet.yaml` (`RATCHET_CONFIG` names another file), then defaults.
 * An empty variable counts as unset. Throws `invalid_configuration` naming the variable or the place in the file, what
 * was expected, and how to set it right; no value is ever repeated.
 */
export function loadConfig(environment: Environment, folder: string): Config {
  const file = findFile(environment, folder);
  const fromFile = file === null ? {} : readYaml(file);
  const fromEnvironment = readEnvironment(environment);
  const parsed = configFileSchema.safeParse({ ...fromFile, ...fromEnvironment });
  const placeOf = (path: readonly string[]): string =>
    path[0] !== undefined && path[0] in fromEnvironment
      ? variableOf(path[0])
      : [`${file ?? 'ratchet.yaml'}:`, path.join('.')].join(' ').trimEnd();
  if (!parsed.success) throw faultOf(parsed.error.issues, configJsonSchema(), placeOf);
  const config = toConfig(parsed.data, { environment, folder, file });
  assertSafe({
    host: config.host,
    hasAdminToken: config.adminTokens.length > 0,
    hasUpstreamKey: config.hasUpstreamKey,
    hasKeys: config.keys.length > 0,
  });
  return config;
}

function toConfig(
  settings: ConfigEntries,
  {
    environment,
    folder,
    file,
  }: { readonly environment: Environment; readonly folder: string; readonly file: string | null },
): Config {
  const relay = toRelayConfig(settings, (name, variable) => {
    const key = textOf(environment[variable]);
    if (key !== undefined) return key;
    const place = `${file ?? 'ratchet.yaml'}: upstreams.${name}.key_env`;
    throw invalidConfiguration(
      place,
      'names a variable that is not set. Set it to the key for this upstream',
    );
  });
  const tasks: Config['tasks'] = Object.fromEntries(
    Object.entries(settings.tasks).map(([name, task]) => [
      name,
      toTaskConfig(task, schemaReader(name, file)),
    ]),
  );
  return {
    host: settings.host,
    port: settings.port,
    isLoopback: isLoopbackHost(settings.host),
    upstream: settings.upstream,
    relay,
    hasUpstreamKey: hasOwnKey(relay),
    role: settings.role,
    database: locationOf(settings.database, folder),
    keys: settings.keys.map(toApiKey),
    adminTokens: adminTokensOf(settings),
    secret: settings.secret ?? null,
    learning: {
      key: settings.learning_key ?? settings.upstream_key ?? textOf(environment['OPENAI_API_KEY']) ?? null,
      upstream: settings.learning_upstream ?? settings.upstream,
      optimizerModel: settings.optimizer_model,
      judgeModel: settings.judge_model,
      embeddingModel: settings.embedding_model === 'local' ? null : settings.embedding_model,
      webhookSecrets: readWebhookSecrets(settings, environment, file),
    },
    shadow: toShadowLimits(settings.shadow),
    recording: settings.record,
    recordedShare: settings.record === 'off' ? 0 : settings.record_share,
    retentionMs: settings.retention,
    areTasksAutomatic: settings.automatic_tasks,
    isContentCaptured:
      settings.capture_content ?? isTrue(environment['OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT']),
    logLevel: settings.log_level,
    drainTimeoutMs: settings.drain_timeout,
    prices: Object.fromEntries(
      Object.entries(settings.prices).map(([model, price]) => [
        model,
        { inputPerMillion: price.input_per_million, outputPerMillion: price.output_per_million },
      ]),
    ),
    tasks,
    file,
    warnings: [
      ...unknownVariables(environment),
      ...relayWarnings(relay, settings.keys.length > 0),
      ...Object.entries(tasks).flatMap(([name, task]) => guardrailWarnings(name, task)),
    ],
  };
}

/** The secrets that graders name, from the environment. */
function readWebhookSecrets(
  { tasks }: ConfigEntries,
  environment: Environment,
  file: string | null,
): Config['learning']['webhookSecrets'] {
  return webhookSecretsOf(tasks, (task, variable) => {
    const value = textOf(environment[variable]);
    if (value !== undefined) return value;
    const place = `${file ?? 'ratchet.yaml'}: tasks.${task}.graders`;
    throw invalidConfiguration(
      place,
      `secret_env names ${variable}, which is not set. Set it, or leave secret_env out`,
    );
  });
}

/** A guardrail that nothing measures on recorded answers holds every promotion up. */
function guardrailWarnings(taskName: string, task: TaskConfig): readonly string[] {
  return unmeasuredGuardrails(task).map(
    (metric) =>
      `tasks.${taskName}.metrics.${metric}: only users report this guardrail, so no test can show that it holds and ` +
      'nothing will be promoted; name a grader that measures it on answers, or leave guardrail out',
  );
}

/** The single token is an operator's. */
function adminTokensOf({ admin_token: token, admin_tokens: tokens }: ConfigEntries): Config['adminTokens'] {
  return token === undefined ? tokens : [{ id: 'admin', secret: token, role: 'operator' }, ...tokens];
}

function toShadowLimits(shadow: ConfigEntries['shadow']): ShadowLimits {
  const { concurrency, headroom, requests_per_minute: perMinute, usd_per_day: usdPerDay } = shadow;
  return { concurrency, headroom, perMinute: perMinute ?? null, usdPerDay: usdPerDay ?? null };
}

function locationOf(text: string, folder: string): DatabaseLocation {
  const location = parseLocation(text, (path) => resolve(folder, path));
  if (location === undefined) throw invalidConfiguration('database', 'is no address of a database');
  return location;
}

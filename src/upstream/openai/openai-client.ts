import { OpenAI } from 'openai';

/** How to reach a server with the endpoints of OpenAI. */
export interface OpenAiClientOptions {
  readonly baseUrl: string;
  /** Sent as a bearer token. */
  readonly apiKey: string;
  /** Longest wait for the head of one attempt's answer, milliseconds. */
  readonly attemptMsMax: number;
  /** Further attempts after a failure that may pass. */
  readonly retriesMax: number;
}

/**
 * A client that uses what the options say alone: the environment variables of the library for keys, organisation,
 * project and logging are not read, and redirects are refused, since they would carry prompts to a place that nobody
 * configured.
 */
export function createOpenAiClient(options: OpenAiClientOptions): OpenAI {
  return new OpenAI({
    baseURL: options.baseUrl,
    apiKey: options.apiKey,
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off',
    timeout: options.attemptMsMax,
    maxRetries: options.retriesMax,
    fetchOptions: { redirect: 'error' },
  });
}

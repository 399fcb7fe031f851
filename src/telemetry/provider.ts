import type { Attributes } from '@opentelemetry/api';
import { general, genAi } from './names.ts';

/** Hosts with a well-known `gen_ai.provider.name`; the first suffix that the host ends in wins. */
const providers: readonly (readonly [suffix: string, name: string])[] = [
  ['.openai.azure.com', 'azure.ai.openai'],
  ['.services.ai.azure.com', 'azure.ai.inference'],
  ['api.openai.com', 'openai'],
  ['api.anthropic.com', 'anthropic'],
  ['api.mistral.ai', 'mistral_ai'],
  ['api.groq.com', 'groq'],
  ['api.deepseek.com', 'deepseek'],
  ['api.perplexity.ai', 'perplexity'],
  ['api.cohere.com', 'cohere'],
  ['api.x.ai', 'x_ai'],
  ['generativelanguage.googleapis.com', 'gcp.gemini'],
  ['.amazonaws.com', 'aws.bedrock'],
];

/**
 * The attributes that say which service answers, for an upstream's base URL. A host that is not well known speaks
 * OpenAI's protocol, so it is `openai`, told apart by `server.address`.
 */
export function providerAttributes(baseUrl: string): Attributes {
  const { hostname, port, protocol } = new URL(baseUrl);
  const known = providers.find(([suffix]) => hostname === suffix || hostname.endsWith(suffix));
  return {
    [genAi.providerName]: known?.[1] ?? 'openai',
    [general.serverAddress]: hostname,
    [general.serverPort]: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
  };
}

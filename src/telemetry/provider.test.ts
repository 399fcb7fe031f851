import { expect, test } from 'vitest';
import { providerAttributes } from './provider.ts';

test.each([
  ['https://api.openai.com/v1', 'openai', 'api.openai.com', 443],
  ['https://mine.openai.azure.com/openai', 'azure.ai.openai', 'mine.openai.azure.com', 443],
  ['https://api.anthropic.com/v1', 'anthropic', 'api.anthropic.com', 443],
  ['https://api.x.ai/v1', 'x_ai', 'api.x.ai', 443],
  ['http://localhost:8000/v1', 'openai', 'localhost', 8000],
  ['http://models.internal/v1', 'openai', 'models.internal', 80],
])('%s is %s', (url, name, address, port) => {
  expect(providerAttributes(url)).toEqual({
    'gen_ai.provider.name': name,
    'server.address': address,
    'server.port': port,
  });
});

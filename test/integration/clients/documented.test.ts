import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../../src/runtime/package-root.ts';

const read = (path: string): string => readFileSync(join(packageRoot(), path), 'utf8');

test('the documentation names the clients and versions that are tried', () => {
  const { devDependencies, dependencies } = JSON.parse(read('package.json')) as Readonly<
    Record<'devDependencies' | 'dependencies', Readonly<Record<string, string>>>
  >;
  const rows = read('docs/compatibility.md').matchAll(/^\| (`[^|]+`) \| ([\d. +]+) \|/gm);
  const documented = [...rows].flatMap(([, names = '', versions = '']) => {
    const numbers = versions.trim().split(' + ');
    return names.split(' + ').map((name, at) => [name.replaceAll('`', ''), numbers[at]] as const);
  });
  const clients = [
    'openai',
    'ai',
    '@ai-sdk/openai',
    '@ai-sdk/openai-compatible',
    '@langchain/openai',
    '@openai/agents',
  ];
  const installed = { ...dependencies, ...devDependencies };
  expect(Object.fromEntries(documented)).toEqual(
    Object.fromEntries(clients.map((name) => [name, installed[name]])),
  );
});

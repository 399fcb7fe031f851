import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { canChooseUpgrades, nodeVersionFault, readPackage } from './node-version.ts';
import { packageRoot } from './package-root.ts';

test.each([
  ['24.0.0', undefined],
  ['26.1.0', undefined],
  ['22.19.0', 'ratchet needs Node 24 or newer; this is 22.19.0'],
  ['8.0.0', 'ratchet needs Node 24 or newer; this is 8.0.0'],
])('Node %s', (actual, fault) => {
  expect(nodeVersionFault(actual, '>=24')).toBe(fault);
});

test('the package says which Node it needs', () => {
  expect(readPackage().nodeNeeded).toBe('>=24');
});

test('the command tells an older Node what is needed in one line, and exits with 1', () => {
  const preload = join(mkdtempSync(join(tmpdir(), 'ratchet-')), 'old-node.cjs');
  writeFileSync(
    preload,
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });",
  );
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ['--require', preload, join(packageRoot(), 'bin/ratchet.js'), 'serve'],
    { encoding: 'utf8' },
  );
  expect([status, stdout, stderr]).toEqual([1, '', 'ratchet needs Node 24 or newer; this is 20.20.2\n']);
});

test('the command is written in JavaScript that a Node of ten years ago can parse', () => {
  const source = readFileSync(join(packageRoot(), 'bin/ratchet.js'), 'utf8');
  expect(source).not.toMatch(/\?\.|\?\?|\bawait\b|=>|`/);
  expect(execFileSync(process.execPath, ['--check', join(packageRoot(), 'bin/ratchet.js')])).toHaveLength(0);
});

test.each([
  ['24.8.9', false],
  ['24.9.0', true],
  ['24.21.0', true],
  ['25.0.0', true],
])('web sockets can be told from other wishes under Node %s: %s', (version, expected) => {
  expect(canChooseUpgrades(version)).toBe(expected);
});

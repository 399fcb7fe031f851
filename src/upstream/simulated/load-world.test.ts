import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadWorld } from './load-world.ts';
import { smallFacetsFile } from './small-world.case.ts';

const folder = mkdtempSync(join(tmpdir(), 'ratchet-world-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(text: string): string {
  const path = join(folder, 'world.json');
  writeFileSync(path, text);
  return path;
}

describe('loadWorld', () => {
  it('reads a world', async () => {
    expect((await loadWorld(fileWith(JSON.stringify(smallFacetsFile)))).name).toBe('small');
  });

  it.each([
    ['{"kind": "facets",', /is not JSON/],
    ['{"kind": "facets"}', /missing/],
  ])('refuses %s', async (text, message) => {
    await expect(loadWorld(fileWith(text))).rejects.toMatchObject({
      code: 'invalid_world',
      message: expect.stringMatching(message),
    });
  });

  it('says which file is not there', async () => {
    const path = join(folder, 'nowhere.json');
    await expect(loadWorld(path)).rejects.toMatchObject({
      code: 'invalid_world',
      message: expect.stringContaining(path),
    });
  });
});

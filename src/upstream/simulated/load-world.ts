import { readFile } from 'node:fs/promises';
import { RatchetError } from '../../domain/ratchet-error.ts';
import { parseWorld } from './world.schema.ts';
import type { World } from './world.ts';

/** Reads a world file. Throws `invalid_world` when it cannot be read, is not JSON, or is not a world. */
export async function loadWorld(path: string): Promise<World> {
  const value = parseJson(await readText(path), path);
  return parseWorld(value);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new RatchetError('invalid_world', `The world file ${path} cannot be read; check its path`, {
      cause,
    });
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unknown fault';
    throw new RatchetError('invalid_world', `The world file ${path} is not JSON: ${reason}`, { cause });
  }
}

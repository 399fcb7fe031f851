import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of so many megabytes that really is full when it is full. */
export interface TinyDisk {
  readonly folder: string;
  readonly remove: () => void;
}

/** Mounts one in memory; `undefined` where this user may not, as in most containers. */
export function mountTinyDisk(megabytes: number): TinyDisk | undefined {
  const parent = mkdtempSync(join(tmpdir(), 'ratchet-disk-'));
  const folder = join(parent, 'disk');
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(parent, { recursive: true });
    return undefined;
  }
  return {
    folder,
    remove: () => {
      execFileSync('umount', ['-l', folder]);
      rmSync(parent, { recursive: true });
    },
  };
}

/** Takes what room there is left. */
export function fillDisk(path: string): void {
  for (const portion of [100_000, 4096])
    try {
      for (;;) writeFileSync(path, Buffer.alloc(portion), { flag: 'a' });
    } catch {
      // That portion no longer fits.
    }
}

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** What linters cannot check. Files are those that git tracks, or would. */
const root = resolve(import.meta.dirname, '../..');
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const sources = files.filter((file) => /^(src|migrations)\/.*\.ts$/.test(file));
const code = sources.filter((file) => !/\.(test|case)\.ts$/.test(file));
const texts = files.filter((file) => /\.(ts|js|cjs|json|md|yaml|yml|sh)$|^\.ci\/run$/.test(file));

describe('the tree', () => {
  it('has sources to check', () => {
    expect(code.length).toBeGreaterThan(60);
  });

  it('has no room for leftovers', () => {
    const names = /^(utils?|helpers?|lib|common|shared|services?|misc|index)$/;
    const found = sources.filter((file) =>
      file.split('/').some((part) => names.test(part.replace(/\.ts$/, ''))),
    );
    expect(found).toEqual([]);
  });

  it('promises nothing for later', () => {
    const later = /\b(TODO|FIXME|XXX|HACK|not implemented)\b/i;
    expect(code.filter((file) => later.test(read(file)))).toEqual([]);
  });

  it('names no path of a machine', () => {
    const machine = /\/(work|root|home\/\w+|Users\/\w+)\/|\.\.\/shared\b/;
    const found = texts.filter(
      (file) => file !== 'package-lock.json' && basename(file) !== 'tidy.test.ts' && machine.test(read(file)),
    );
    expect(found).toEqual([]);
  });

  it('documents every exported function, interface and class', () => {
    const undocumented = code.flatMap((file) => {
      const lines = read(file).split('\n');
      return lines.flatMap((line, index) => {
        const isExport = /^export (async )?(function|class|abstract class) /.test(line);
        return isExport && !/\*\/\s*$/.test(lines[index - 1] ?? '') ? [`${file}:${index + 1}`] : [];
      });
    });
    expect(undocumented).toEqual([]);
  });

  it('has a test beside every algorithm', () => {
    const algorithms = code.filter((file) => /^src\/(stats|bandit)\//.test(file));
    const untested = algorithms.filter((file) => {
      const imported = basename(file);
      return !sources.some(
        (other) =>
          other.endsWith('.test.ts') && dirname(other).startsWith('src/') && read(other).includes(imported),
      );
    });
    expect(untested).toEqual([]);
  });
});

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/runtime/package-root.ts';

/** A fenced block of a page. */
export interface Snippet {
  /** Page and line, such as `docs/cli.md:14`. */
  readonly place: string;
  /** What it is written in, as the fence says: `sh`, `ts`. */
  readonly language: string;
  /** Whether the fence says `part`: it does not stand by itself. */
  readonly isPart: boolean;
  readonly text: string;
}

const root = packageRoot();

/** Every page of the documentation that git tracks, or would, by its path from the root. */
export const pages: readonly string[] = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'],
  { cwd: root, encoding: 'utf8' },
)
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));

/** The text of a file, by its path from the root. */
export function readPage(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}

/** The fenced blocks of all pages in any of some languages. */
export function snippets(...languages: readonly string[]): readonly Snippet[] {
  return pages.flatMap(snippetsOf).filter(({ language }) => languages.includes(language));
}

function snippetsOf(page: string): readonly Snippet[] {
  const text = readPage(page);
  return [...text.matchAll(/^( *)```(\w+)( part)?\n(.*?)^ *```$/gms)].map(
    ([, indent = '', language = '', part, block = ''], index, { [index]: match }) => ({
      place: `${page}:${text.slice(0, match?.index).split('\n').length}`,
      language,
      isPart: part !== undefined,
      text: block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
}

/** A page without its fenced blocks: what is left is read as markdown. */
export function proseOf(page: string): string {
  return readPage(page).replaceAll(/^( *)```.*?^ *```$/gms, '');
}

/** The names by which headings of a page are linked to, as code hosts make them. */
export function anchorsOf(page: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, title = ''] of proseOf(page).matchAll(/^#{1,6} (.+?)\s*$/gm)) {
    const plain = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const base = plain.replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '').replaceAll(' ', '-');
    let name = base;
    for (let count = 1; anchors.has(name); count += 1) name = `${base}-${count}`;
    anchors.add(name);
  }
  return anchors;
}

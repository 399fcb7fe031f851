import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandGroups } from '../../src/cli/commands.ts';
import { runProgram } from '../../src/cli/program.ts';
import { packageRoot } from '../../src/runtime/package-root.ts';

/** Where the reference lies, from the root. */
export const cliReferencePage = 'docs/cli-reference.md';

/** The help of every command as one page. */
export async function cliReference(): Promise<string> {
  const parts = [
    '# Reference of the command line',
    'Made from the help of the program by `npm run docs:cli`; a test fails when it is out of date. What all commands have in common, such as where they look, what they print and how they exit, is in [cli.md](cli.md).',
    fence(await helpOf([])),
  ];
  for (const { name } of commandGroups.flatMap(({ commands }) => commands))
    parts.push(`## ratchet ${name}`, fence(await helpOf([name])));
  return `${parts.join('\n\n')}\n`;
}

async function helpOf(words: readonly string[]): Promise<string> {
  let help = '';
  await runProgram([...words, '--help'], {
    environment: {},
    folder: packageRoot(),
    print: (text) => (help += text),
    printError: (text) => (help += text),
  });
  return help.trimEnd();
}

function fence(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}

if (import.meta.main) writeFileSync(join(packageRoot(), cliReferencePage), await cliReference());

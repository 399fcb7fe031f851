import { nodeVersionFault, readPackage } from '../runtime/node-version.ts';

// Commands are loaded only once this Node is known to run them: the database binding crashes older ones.
const fault = nodeVersionFault(process.versions.node, readPackage().nodeNeeded);
if (fault === undefined) {
  const { runProgram } = await import('./program.ts');
  // Whoever reads us has seen enough, as in ratchet export | head.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(1);
  });
  process.exitCode = await runProgram(process.argv.slice(2), {
    environment: process.env,
    folder: process.cwd(),
    print: (text) => process.stdout.write(text),
    printError: (text) => process.stderr.write(text),
    ...(process.stdout.isTTY ? { terminal: terminalOf(process) } : {}),
  });
} else {
  process.stderr.write(`${fault}\n`);
  process.exitCode = 1;
}

/** See no-color.org. */
function terminalOf({ stdout, env }: NodeJS.Process): { columns: number; hasColour: boolean } {
  return { columns: stdout.columns, hasColour: (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb' };
}

import { nodeVersionFault, readPackage } from '../runtime/node-version.ts';

// Commands are loaded only once this Node is known to run them: the database binding crashes older ones.
const fault = nodeVersionFault(process.versions.node, readPackage().nodeNeeded);
if (fault === undefined) {
  const { runProgram } = await import('./program.ts');
  process.exitCode = await runProgram(process.argv.slice(2), {
    environment: process.env,
    folder: process.cwd(),
    print: (text) => process.stdout.write(text),
    printError: (text) => process.stderr.write(text),
  });
} else {
  process.stderr.write(`${fault}\n`);
  process.exitCode = 1;
}

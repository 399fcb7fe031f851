import { cruise } from 'dependency-cruiser';
import { createRequire } from 'node:module';

/**
 * Checks the layering rules of `.dependency-cruiser.cjs`, and that the cruise saw the sources at all: with a
 * TypeScript that it cannot read, dependency-cruiser finds nothing and calls that a success.
 */
const modulesMin = 40;
const require = createRequire(import.meta.url);
const { options, ...ruleSet } = require('../../.dependency-cruiser.cjs');

const { output, exitCode } = await cruise(['src', 'migrations'], {
  ...options,
  ruleSet,
  validate: true,
  outputType: 'err',
});
const { output: found } = await cruise(['src', 'migrations'], { ...options, outputType: 'json' });
const modules = JSON.parse(asText(found)).modules.filter(({ source }: { source: string }) =>
  /^(src|migrations)\//.test(source),
).length;

process.stdout.write(`${asText(output).trim()}\n${modules} modules of ours\n`);
if (modules < modulesMin)
  process.stderr.write(`expected at least ${modulesMin} modules: nothing was checked\n`);
process.exitCode = exitCode !== 0 || modules < modulesMin ? 1 : 0;

function asText(report: unknown): string {
  return typeof report === 'string' ? report : JSON.stringify(report);
}

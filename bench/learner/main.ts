import { readOptions, usage, type Options } from './options.ts';
import { reportOf, writeDocs } from './report.ts';
import { measure } from './sections.ts';

/** `npm run bench:learner`: see `--help`. */
function optionsOrExit(): Options | undefined {
  try {
    const options = readOptions(process.argv.slice(2));
    if (options === undefined) process.stdout.write(`${usage}\n`);
    return options;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    process.stderr.write(`${error.message}\n\n${usage}\n`);
    process.exitCode = 2;
    return undefined;
  }
}

const options = optionsOrExit();
if (options !== undefined) {
  const measured = await measure(options, (line) => process.stderr.write(`${line}\n`));
  process.stdout.write(options.isJson ? `${JSON.stringify(measured)}\n` : `${reportOf(measured)}\n`);
  if (options.isWritten) writeDocs(measured);
}

import { configJsonSchema } from '../configuration/config-file.schema.ts';
import { exitCodes, type CliCommand } from './cli-command.ts';

/** `ratchet schema`: what editors check `ratchet.yaml` with. */
export const schemaCommand: CliCommand = {
  name: 'schema',
  summary: 'print the JSON schema of ratchet.yaml',
  define: (command, { run, print }) => {
    command.addHelpText('after', '\nExample:\n  ratchet schema > ratchet.schema.json').action(
      run(async () => {
        print(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
        return exitCodes.ok;
      }),
    );
  },
};

import { createLogger } from '../runtime/logger.ts';
import { exitOnSignals } from '../runtime/shutdown.ts';
import { survivePromiseBugs } from '../runtime/unexpected.ts';
import { exitCodes, type CliCommand } from './cli-command.ts';
import { addServerOptions, configOf, type ServerOptions } from './server-options.ts';

/**
 * What stopping may take besides the requests under way, milliseconds. With the drain timeout of 12 s by default it comes
 * to less than the 30 s after which orchestrators kill.
 */
const stopMsMax = 13_000;

/** `ratchet serve`: the proxy with its store and its learning. */
export const serveCommand: CliCommand = {
  name: 'serve',
  summary: 'run the proxy, and improve the prompts that pass through it',
  define: (command, context) => {
    addServerOptions(command)
      .option(
        '-r, --role <role>',
        'all, proxy or learner, where several processes share a database (RATCHET_ROLE; default all)',
      )
      .addHelpText(
        'after',
        `
Everything else is set by environment variables or in ratchet.yaml; see docs/configuration.md.

Examples:
  ratchet serve
  ratchet serve --role proxy --database postgres://ratchet:secret@db:5432/ratchet
  ratchet serve --upstream http://localhost:11434/v1 --port 9000
  RATCHET_RECORD=metadata ratchet serve --database sqlite:/var/lib/ratchet/ratchet.db`,
      )
      .action(
        context.run(async (options: ServerOptions) => {
          const config = configOf(options, context);
          const logger = createLogger(config.logLevel);
          survivePromiseBugs({ on: (event, handler) => process.on(event, handler) }, logger);
          const { startServer } = await import('../main.ts');
          let starting: ReturnType<typeof startServer> | undefined;
          // Before anything is started: who stops a server that is still starting wants it to end in order too.
          exitOnSignals(
            { on: (signal, handler) => process.on(signal, handler), exit: (code) => process.exit(code) },
            async () => (await starting)?.close(),
            { deadlineMs: config.drainTimeoutMs + stopMsMax, logger },
          );
          starting = startServer(config, { environment: context.environment, logger });
          await starting;
          // The process lives on: its server keeps it.
          return exitCodes.ok;
        }),
      );
  },
};

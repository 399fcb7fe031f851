import { loadConfig } from '../../../src/config.ts';
import { startServer } from '../../../src/main.ts';
import { createLogger } from '../../../src/runtime/logger.ts';

/** `ratchet serve` whose learner and gate begin their next cycle as soon as one has ended, so that they are never idle. */
const config = loadConfig(process.env, process.cwd());
const server = await startServer(config, {
  environment: process.env,
  logger: createLogger(config.logLevel),
  learnerMs: 0,
  gateMs: 0,
});
process.once('SIGTERM', () => void server.close().finally(() => process.exit(0)));

import { pino, stdTimeFunctions, type DestinationStream } from 'pino';
import type { LogFields, Logger } from '../domain/logger.ts';
import { redactFields } from './redact.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/**
 * One JSON object per line with `level`, `time`, `event` and the fields, to standard error. Lines are written at once,
 * so that the last words of a crashing process are not lost; nothing is logged per request, so this costs nothing.
 */
export function createLogger(
  level: LogLevel,
  destination: DestinationStream = pino.destination({ dest: 2, sync: true }),
): Logger {
  const sink = pino(
    {
      level,
      base: null,
      messageKey: 'event',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  const at =
    (name: Exclude<LogLevel, 'silent'>) =>
    (event: string, fields: LogFields = {}): void =>
      sink[name](redactFields(fields), event);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

import { pino, stdTimeFunctions, type DestinationStream } from 'pino';
import type { LogFields, Logger } from '../domain/logger.ts';
import { redactFields } from './redact.ts';
import { createRepetitionFilter } from './repetition.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/**
 * One JSON object per line with `level`, `time`, `event` and the fields, to standard error. Lines are written at once,
 * so that the last words of a crashing process are not lost; nothing is logged per request, so this costs nothing. A
 * warning or an error that repeats is written once a minute, with the number of those `leftOut` since.
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
  const isDue = createRepetitionFilter();
  const at =
    (name: Exclude<LogLevel, 'silent'>) =>
    (event: string, fields: LogFields = {}): void =>
      sink[name](redactFields(fields), event);
  const seldom = (name: 'warn' | 'error'): Logger['warn'] => {
    const write = at(name);
    return (event, fields = {}) => {
      const leftOut = isDue(event, fields);
      if (leftOut !== undefined) write(event, leftOut === 0 ? fields : { ...fields, leftOut });
    };
  };
  return { debug: at('debug'), info: at('info'), warn: seldom('warn'), error: seldom('error') };
}

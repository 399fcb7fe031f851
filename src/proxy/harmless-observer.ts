import type { Logger } from '../domain/logger.ts';
import type { ResponseFilter, ResponseObserver } from './relay-response.ts';

/**
 * An observer whose faults are its own: what it throws is logged, by the name of the error alone, and the response goes
 * on as upstream sent it. What a filter held back when it failed is lost to the client, so that filters hold back only
 * what they would take out.
 */
export function harmlessObserver(
  observer: ResponseObserver,
  logger: Pick<Logger, 'error'>,
): ResponseObserver {
  const attempt = <Result>(work: () => Result, instead: Result): Result => {
    try {
      return work();
    } catch (error) {
      logger.error('observing-failed', { error: error instanceof Error ? error.name : 'unknown' });
      return instead;
    }
  };
  return {
    addedHeaders: () => attempt(observer.addedHeaders, []),
    onHead: (status, headers, served) => {
      const filter = attempt(() => observer.onHead(status, headers, served), null);
      return filter === null ? null : harmlessFilter(filter, attempt);
    },
    onChunk: (chunk) => attempt(() => observer.onChunk(chunk), undefined),
    onOver: (failure) => attempt(() => observer.onOver(failure), undefined),
  };
}

function harmlessFilter(
  { push, end }: ResponseFilter,
  attempt: <Result>(work: () => Result, instead: Result) => Result,
): ResponseFilter {
  return {
    push: (chunk) => attempt(() => push(chunk), chunk),
    end: () => attempt(end, new Uint8Array()),
  };
}

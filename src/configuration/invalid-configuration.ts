import { RatchetError } from '../domain/ratchet-error.ts';

/** An error about one place of the configuration. */
export function invalidConfiguration(place: string, fault: string, cause?: unknown): RatchetError {
  return new RatchetError('invalid_configuration', `${place}: ${fault}`, { param: place, cause });
}

import type { ContentPart } from '../domain/chat.ts';
import { isRecord } from '../domain/is-record.ts';

/** Whether a value can be the content of a message, in either format. */
export function isContent(value: unknown): value is string | readonly ContentPart[] | null | undefined {
  if (value === null || value === undefined || typeof value === 'string') return true;
  return Array.isArray(value) && value.every((part) => isRecord(part) && typeof part['type'] === 'string');
}

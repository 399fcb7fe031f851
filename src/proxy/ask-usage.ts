import { isRecord } from '../domain/is-record.ts';
import type { RequestBody } from './request-body.ts';
import { setField, type Splice } from './splice.ts';

/**
 * Whether a request is a stream that tells no usage unless asked to, and can be asked: a chat, since responses always
 * tell it. What has odd options is not touched.
 */
export function isUsageAddable({ format, request, isStream }: RequestBody): boolean {
  if (!isStream || format.apiType !== 'chat_completions') return false;
  const options = request['stream_options'];
  if (options === undefined || options === null) return true;
  return isRecord(options) && options['include_usage'] !== true;
}

/** The change of a body by which its stream is asked for its usage. */
export function usageSplice(body: RequestBody): Splice {
  const options = body.request['stream_options'];
  return setField(body, 'stream_options', { ...(isRecord(options) ? options : {}), include_usage: true });
}

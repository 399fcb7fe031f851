/** Where OpenAI's paths begin; the upstream's base URL stands in its place. */
export const apiRoot = '/v1';

/** A segment that leads upwards, or nowhere; however it is spelt. */
const dotSegment = /[\\/](?:\.|%2e){1,2}(?:[\\/?#]|$)/i;

/**
 * Path and query below the API's root, as they stand in the request; `undefined` where it lies elsewhere, or has segments
 * that might lead there.
 */
export function pathBelowRoot(target: string): string | undefined {
  return target.startsWith(`${apiRoot}/`) && !dotSegment.test(target)
    ? target.slice(apiRoot.length)
    : undefined;
}

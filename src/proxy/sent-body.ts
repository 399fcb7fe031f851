import type { RequestBody } from './request-body.ts';
import { rewriteBody } from './rewrite-body.ts';
import type { PassThroughRoute, RoutedRoute } from './route-result.ts';

/** A request that is ready to go, with the route that it goes by. */
export interface SentBody {
  readonly route: PassThroughRoute | RoutedRoute;
  readonly bytes: Buffer;
  /** What kept the variant's prompt from being put in; `null`: nothing. */
  readonly failure: Error | null;
}

/**
 * The body as upstream gets it. One that the variant's prompt cannot be put into after all goes with the agent's own, by
 * nobody's choice: a request never fails for a prompt.
 */
export function sentBody(body: RequestBody, route: PassThroughRoute | RoutedRoute): SentBody {
  try {
    return { route, bytes: rewriteBody(body, route.rewrite), failure: null };
  } catch (error) {
    const { rewrite, model, clientRequest } = route;
    const own: PassThroughRoute = {
      kind: 'pass-through',
      reason: 'failed',
      rewrite: { ...rewrite, prompt: null },
      model,
      clientRequest,
    };
    const failure = error instanceof Error ? error : new Error(typeof error);
    return { route: own, bytes: rewriteBody(body, own.rewrite), failure };
  }
}

import type { KeyLimits } from './key-limits.ts';
import type { Router } from './route.ts';

/** The same router, which charges each routed request to its key once its response has ended, recorded or not. */
export function chargeKeys(router: Router, limits: Pick<KeyLimits, 'charge'> | undefined): Router {
  if (limits === undefined) return router;
  return {
    ...router,
    complete: (route, outcome) => {
      const decision = router.complete(route, outcome);
      limits.charge(decision);
      return decision;
    },
  };
}

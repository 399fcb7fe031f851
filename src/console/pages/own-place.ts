/** Stands for this server, whatever its name is. */
const here = 'http://console.invalid';

/**
 * The page of this console that a text names, in the form that browsers give it: dots are followed, and nothing in it can
 * end a header. The overview, where it names no page of this console.
 */
export function ownPlace(named: string | undefined): URL {
  const place = URL.parse(named ?? '', here);
  const isOwn = place?.origin === here && /^\/console(?:\/|$)/.test(place.pathname);
  return isOwn ? place : new URL('/console', here);
}

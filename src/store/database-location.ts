/** Where everything is kept: a SQLite file of one process, or a PostgreSQL server that processes share. */
export type DatabaseLocation =
  /** `path` is absolute. */
  | { readonly kind: 'sqlite'; readonly path: string }
  /** `url` may hold a password; see `nameOfDatabase`. */
  | { readonly kind: 'postgres'; readonly url: string };

/** What people and logs are told of a database: its path, or its address without credentials and parameters. */
export function nameOfDatabase(location: DatabaseLocation): string {
  if (location.kind === 'sqlite') return location.path;
  const { host, pathname } = new URL(location.url);
  return `postgres://${host}${pathname}`;
}

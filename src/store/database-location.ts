/** Where everything is kept: a SQLite file of one process, or a PostgreSQL server that processes share. */
export type DatabaseLocation =
  /** `path` is absolute. */
  | { readonly kind: 'sqlite'; readonly path: string }
  /** `url` may hold a password; see `nameOfDatabase`. */
  | { readonly kind: 'postgres'; readonly url: string };

/** A location as users write it, `sqlite:<path>` or `postgres://…`; `undefined` where it is neither. */
export function parseLocation(
  text: string,
  toAbsolute: (path: string) => string,
): DatabaseLocation | undefined {
  if (/^sqlite:.+/.test(text)) return { kind: 'sqlite', path: toAbsolute(text.slice('sqlite:'.length)) };
  return /^postgres(ql)?:\/\/[^/]+\/.+/.test(text) && URL.canParse(text)
    ? { kind: 'postgres', url: text }
    : undefined;
}

/** What people and logs are told of a database: its path, or its address without credentials and parameters. */
export function nameOfDatabase(location: DatabaseLocation): string {
  if (location.kind === 'sqlite') return location.path;
  const { host, pathname } = new URL(location.url);
  return `postgres://${host}${pathname}`;
}

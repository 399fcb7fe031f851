/** The layering rule: which room may import which, and which room each outside package lives in. See docs/architecture.md. */
const only = (name, room, allowed) => ({
  name,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { pathNot: allowed },
});
const home = (name, pkg, where) => ({
  name: `${name}-stays-home`,
  severity: 'error',
  from: { path: '^src/', pathNot: where },
  to: { path: `node_modules/${pkg}/` },
});
const error = (name, from, to) => ({ name, severity: 'error', from, to });
const rooms = '^src/(proxy|learner|gate|console)/';
const roots = '^src/(main|config|[^/]+\\.worker)\\.ts$|^src/(cli|composition|configuration)/';

module.exports = {
  forbidden: [
    error('no-cycles', {}, { circular: true }),
    error(
      'no-orphans',
      { orphan: true, pathNot: '^src/(main|[^/]+\\.worker)\\.ts$|^migrations/|^src/console/browser/' },
      {},
    ),
    only('domain-imports-nothing', 'domain', '^src/domain/|^node:crypto$|^crypto$'),
    only('stats-is-pure', 'stats', '^src/(domain|stats)/|node_modules/(fastest-levenshtein|pure-rand)/'),
    only('bandit-is-pure', 'bandit', '^src/(domain|stats|bandit)/|^src/store/bandit-fold\\.ts$'),
    only('telemetry-is-a-leaf', 'telemetry', '^src/(domain|telemetry)/|node_modules/@opentelemetry/'),
    only(
      'runtime-is-a-leaf',
      'runtime',
      '^src/(domain|runtime)/|^node:|^[a-z_]+(/promises)?$|node_modules/(pino|pure-rand)/',
    ),
    only('client-imports-nothing', 'client', '^src/client/'),
    error('nobody-imports-the-client', { path: '^src/', pathNot: '^src/client/' }, { path: '^src/client/' }),
    error('rooms-never-meet', { path: rooms }, { path: rooms, pathNot: '^src/$1/' }),
    error('rooms-see-ports-only', { path: rooms }, { path: '^src/(store|upstream)/[^/]+/|^src/runtime/' }),
    error(
      'ports-are-types',
      { path: '^src/(store|upstream)/[^/]+\\.ts$' },
      // Node's streams are what a tunnel is made of; their types cost nothing.
      { pathNot: '^src/domain/|^src/(store|upstream)/[^/]+\\.ts$|^(node:)?stream$' },
    ),
    error(
      'adapters-face-inwards',
      { path: '^src/(store|upstream)/[^/]+/' },
      { path: '^src/(bandit|proxy|learner|gate|console|runtime|cli)/' },
    ),
    error(
      'nobody-imports-the-roots',
      { path: '^src/', pathNot: roots },
      { path: '^src/(main|config|[^/]+\\.worker)\\.ts$|^src/(cli|composition|configuration)/' },
    ),
    home('hono', 'hono', '^src/(proxy|console)/|^src/main\\.ts$'),
    home(
      'hono-node-server',
      '@hono/node-server',
      '^src/(proxy|console|composition)/|^src/main\\.ts$|^src/upstream/simulated/',
    ),
    home('undici', 'undici', '^src/upstream/'),
    home('cockatiel', 'cockatiel', '^src/upstream/http/'),
    home('kysely', 'kysely', '^(src/store/kysely/|migrations/)'),
    home('better-sqlite3', 'better-sqlite3', '^src/store/kysely/'),
    home('openai', 'openai', '^src/upstream/openai/|^src/main\\.ts$|^src/cli/'),
    home('lru-cache', 'lru-cache', '^src/store/cached/|^src/proxy/'),
    home('opentelemetry', '@opentelemetry', '^src/telemetry/'),
    home('zod', 'zod', '\\.schema\\.ts$|^src/config\\.ts$'),
    home('pino', 'pino', '^src/runtime/'),
    home('commander', 'commander', '^src/cli/'),
    home('string-width', 'string-width', '^src/cli/'),
    home('ajv', 'ajv', '^src/gate/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.(test|case)\\.ts$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};

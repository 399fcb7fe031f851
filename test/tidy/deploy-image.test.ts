import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { settingNames } from '../../src/configuration/config-file.schema.ts';
import { variableOf } from '../../src/configuration/environment.ts';
import {
  at,
  documentsOf,
  entriesAt,
  filesBelow,
  listAt,
  read,
  root,
  secondsOf,
  textAt,
  treeOf,
} from './deploy-tree.ts';
import { isOnPath } from './kustomize.ts';

const dockerfile = read('deploy/Dockerfile');
const service = read('deploy/ratchet.service');
const composeFile = 'deploy/compose/compose.yaml';
const ratchet = at(treeOf(composeFile), 'services', 'ratchet');
const { port, drainTimeoutMs } = loadConfig({}, root);
/** What a stop may take besides the requests under way, seconds; `stopMsMax` of `ratchet serve`. */
const stopSeconds = 13;

describe('the files of deploy/', () => {
  it('parse', () => {
    const trees = filesBelow('deploy').filter((file) => /\.(ya?ml|json)$/.test(file));
    expect(trees.length).toBeGreaterThan(15);
    for (const file of trees) expect(() => documentsOf(file), file).not.toThrow();
  });

  it('set variables that Ratchet knows', () => {
    const known = [...settingNames.map(variableOf), 'RATCHET_CONFIG'];
    for (const file of filesBelow('deploy'))
      for (const [name] of read(file).matchAll(/\bRATCHET_[A-Z_]*[A-Z]/g))
        expect(known, `${name} in ${file}`).toContain(name);
  });
});

describe('the image', () => {
  const stages = dockerfile.split(/^FROM /m).slice(1);
  const last = stages.at(-1) ?? '';

  it('is built from what is there, and from nothing that is kept out of the context', () => {
    const allowed = [...read('.dockerignore').matchAll(/^!(\S+)$/gm)].map(([, path]) => path);
    expect(read('.dockerignore')).toMatch(/^\*$/m);
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, list = '']) =>
      list.split(' '),
    );
    expect(copied.length).toBeGreaterThan(5);
    for (const path of copied) {
      expect(existsSync(join(root, path)), path).toBe(true);
      expect(allowed).toContain(path);
    }
    expect(new Set(allowed)).toEqual(new Set(copied));
  });

  it('has what the package has, but for what is read on paper', () => {
    const shipped = listAt(JSON.parse(read('package.json')), 'files').filter(
      (path) => !/^(docs|examples)$|\.md$/.test(String(path)),
    );
    for (const path of shipped) expect(last).toMatch(new RegExp(`^COPY .*\\b${String(path)}\\b`, 'm'));
    const [, entry = ''] = /^ENTRYPOINT \["node", "([^"]+)"\]$/m.exec(last) ?? [];
    expect(existsSync(join(root, entry))).toBe(true);
  });

  it('runs the Node that the tests run on, which is one that the package allows', () => {
    const [, node = ''] = /^ARG NODE_VERSION=(\S+)$/m.exec(dockerfile) ?? [];
    const wanted = JSON.parse(read('package.json'));
    expect(node).toBe(textAt(wanted, 'devDependencies', 'node'));
    expect(`>=${node.split('.')[0]}`).toBe(textAt(wanted, 'engines', 'node'));
    for (const stage of stages) expect(stage).toMatch(/^node:\$\{NODE_VERSION\}-/);
  });

  it('runs as a user with a number, who may write where the database is and nowhere else', () => {
    const [, user = ''] = /^USER (\d+):\d+$/m.exec(last) ?? [];
    expect(Number(user)).toBeGreaterThan(0);
    const [, folder = ''] = /RATCHET_DATABASE=sqlite:(\S+)\//.exec(last) ?? [];
    expect(last).toMatch(new RegExp(`^VOLUME ${folder}$`, 'm'));
    expect(last.match(/chown \S+ \S+/g)).toEqual([`chown ${user}:${user} ${folder}`]);
  });

  it('listens where it says, and is asked whether it lives by what it has', () => {
    expect(last).toMatch(new RegExp(`^EXPOSE ${port}$`, 'm'));
    expect(last).toContain(`process.env.RATCHET_PORT || ${port}`);
    expect(last).toMatch(/HEALTHCHECK[\s\S]*CMD \["node", "-e", ".*\/healthz/);
    expect(dockerfile).not.toMatch(/\b(curl|wget)\b/);
  });
});

describe('the compose file', () => {
  it('mounts files that are there', () => {
    const services = Object.entries(at(treeOf(composeFile), 'services') ?? {});
    expect(services.map(([name]) => name).toSorted()).toEqual([
      'collector',
      'grafana',
      'jaeger',
      'postgres',
      'prometheus',
      'ratchet',
    ]);
    for (const [, one] of services)
      for (const volume of listAt(one, 'volumes')
        .map(String)
        .filter((text) => text.startsWith('.')))
        expect(existsSync(join(root, dirname(composeFile), volume.split(':')[0] ?? '')), volume).toBe(true);
    const build = at(ratchet, 'build');
    const context = normalize(join(dirname(composeFile), textAt(build, 'context')));
    expect(existsSync(join(root, context, textAt(build, 'dockerfile')))).toBe(true);
  });

  it('asks for no more than the example has', () => {
    const offered = [...read('deploy/compose/example.env').matchAll(/^(\w+)=$/gm)].map(([, name]) => name);
    const needed = [...read(composeFile).matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name);
    expect(needed.length).toBeGreaterThan(3);
    for (const name of needed) expect(offered).toContain(name);
  });

  it('runs Ratchet with settings that it takes, beside the database that it names', () => {
    const filled = Object.fromEntries(
      Object.entries(entriesAt(ratchet, 'environment')).map(([name, text]) => [
        name,
        name === 'RATCHET_KEYS'
          ? 'web:0123456789abcdef:infer'
          : text.replace(/^\$\{\w+:\?.*\}$/, '0123456789abcdef').replace(/^\$\{\w+:-(.*)\}$/, '$1'),
      ]),
    );
    const settings = {
      ...filled,
      RATCHET_HOST: '0.0.0.0',
      RATCHET_CONFIG: join(root, 'deploy/compose/ratchet.yaml'),
    };
    const config = loadConfig(settings, root);
    expect(config.warnings).toEqual([]);
    const database = config.database.kind === 'postgres' ? new URL(config.database.url) : undefined;
    expect(entriesAt(treeOf(composeFile), 'services', database?.hostname ?? '', 'environment')).toMatchObject(
      {
        POSTGRES_USER: database?.username,
        POSTGRES_DB: database?.pathname.slice(1),
      },
    );
    expect(String(listAt(ratchet, 'ports')[0])).toBe(`127.0.0.1:${port}:${config.port}`);
    const grace = secondsOf(textAt(ratchet, 'stop_grace_period'));
    expect(grace).toBeGreaterThanOrEqual(config.drainTimeoutMs / 1000 + stopSeconds);
    expect(ratchet).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  });

  it('collects traces where Ratchet sends them, and numbers where it has them', () => {
    const [, collector = '', otlp = ''] =
      /^http:\/\/(\w+):(\d+)$/.exec(textAt(ratchet, 'environment', 'OTEL_EXPORTER_OTLP_ENDPOINT')) ?? [];
    expect(at(treeOf(composeFile), 'services', collector)).toBeDefined();
    const receiver = treeOf('deploy/compose/collector.yaml');
    expect(textAt(receiver, 'receivers', 'otlp', 'protocols', 'http', 'endpoint')).toBe(`0.0.0.0:${otlp}`);
    const [scrape] = listAt(treeOf('deploy/compose/prometheus.yaml'), 'scrape_configs');
    expect(textAt(scrape, 'job_name')).toBe('ratchet');
    expect(listAt(scrape, 'static_configs', 0, 'targets')).toEqual([`ratchet:${port}`]);
    const [secret] = listAt(treeOf(composeFile), 'services', 'prometheus', 'secrets');
    expect(textAt(scrape, 'authorization', 'credentials_file')).toBe(`/run/secrets/${String(secret)}`);
    const path = textAt(treeOf('deploy/compose/grafana/dashboards.yaml'), 'providers', 0, 'options', 'path');
    expect(read(composeFile)).toContain(`../grafana:${path}:ro`);
  });
});

describe('the unit of systemd', () => {
  it('keeps the database in a folder of its own, and gives a stop the time that it takes', () => {
    const [, folder = ''] = /^StateDirectory=(\w+)$/m.exec(service) ?? [];
    expect(service).toContain(`RATCHET_DATABASE=sqlite:/var/lib/${folder}/`);
    const [, timeout = ''] = /^TimeoutStopSec=(\d+)$/m.exec(service) ?? [];
    expect(Number(timeout)).toBeGreaterThanOrEqual(drainTimeoutMs / 1000 + stopSeconds);
    expect(service).toMatch(/^DynamicUser=yes$/m);
    expect(service).toMatch(/^ProtectSystem=strict$/m);
    expect(service).not.toMatch(/^MemoryDenyWriteExecute/m);
  });

  it.runIf(isOnPath('systemd-analyze'))('is one that systemd takes', () => {
    const unit = join(root, 'deploy/ratchet.service');
    expect(execFileSync('systemd-analyze', ['verify', unit], { encoding: 'utf8', stdio: 'pipe' })).toBe('');
  });
});

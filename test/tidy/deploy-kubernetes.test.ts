import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { at, entriesAt, filesBelow, listAt, read, root, secondsOf, textAt } from './deploy-tree.ts';
import { isOnPath, kustomizeFolder, namedFiles, plainObjects, renderedObjects } from './kustomize.ts';

const overlays = ['sqlite', 'postgres'].map((name) => join(kustomizeFolder, name));
const version = textAt(JSON.parse(read('package.json')), 'version');
/** What a stop may take besides the requests under way, seconds; `stopMsMax` of `ratchet serve`. */
const stopSeconds = 13;
const defaultPort = loadConfig({}, root).port;

describe('the kustomizations', () => {
  it('name files that exist, and leave none out', () => {
    const named = new Set(
      [...overlays, join(kustomizeFolder, 'monitoring')].flatMap((folder) => namedFiles(folder)),
    );
    expect([...named].filter((file) => !existsSync(join(root, file)))).toEqual([]);
    expect(filesBelow(kustomizeFolder).filter((file) => !named.has(file))).toEqual([]);
  });

  it('carry no secret', () => {
    for (const file of filesBelow(kustomizeFolder))
      expect(read(file)).not.toMatch(/kind: Secret|secretGenerator/);
  });
});

const sources = overlays.flatMap((folder) => [
  { name: `${folder}, its files`, objects: () => plainObjects(folder), isThere: true },
  {
    name: `${folder}, as kubectl renders it`,
    objects: () => renderedObjects(folder),
    isThere: isOnPath('kubectl'),
  },
]);

describe.each(sources)('$name', ({ objects, isThere }) => {
  it.runIf(isThere)('selects pods that are there', () => {
    const all = objects();
    const pods = workloadsOf(all).map((workload) =>
      entriesAt(workload, 'spec', 'template', 'metadata', 'labels'),
    );
    for (const [kind, ...path] of [
      ['Service', 'selector'],
      ['PodDisruptionBudget', 'selector', 'matchLabels'],
      ['NetworkPolicy', 'podSelector', 'matchLabels'],
    ] as const)
      for (const object of ofKind(all, kind)) {
        const selector = entriesAt(object, 'spec', ...path);
        expect(Object.keys(selector)).not.toEqual([]);
        expect(pods.filter((labels) => isSelected(labels, selector))).not.toEqual([]);
      }
    for (const workload of workloadsOf(all).filter((one) => textAt(one, 'kind') !== 'Job')) {
      const selector = entriesAt(workload, 'spec', 'selector', 'matchLabels');
      expect(pods.filter((labels) => isSelected(labels, selector))).toHaveLength(1);
    }
    const [policy] = ofKind(all, 'NetworkPolicy');
    for (const labels of pods)
      expect(isSelected(labels, entriesAt(policy, 'spec', 'podSelector', 'matchLabels'))).toBe(true);
  });

  it.runIf(isThere)('refers to objects and ports that are there', () => {
    const all = objects();
    const names = (kind: string): readonly string[] =>
      ofKind(all, kind).map((object) => textAt(object, 'metadata', 'name'));
    for (const scaler of ofKind(all, 'HorizontalPodAutoscaler')) {
      const target = textAt(scaler, 'spec', 'scaleTargetRef', 'name');
      expect(names(textAt(scaler, 'spec', 'scaleTargetRef', 'kind'))).toContain(target);
      const scaled = workloadsOf(all).find((workload) => textAt(workload, 'metadata', 'name') === target);
      // Applying the manifests again must not undo what the autoscaler did.
      expect(at(scaled, 'spec', 'replicas')).toBeUndefined();
    }
    for (const workload of workloadsOf(all)) {
      const pod = podOf(workload);
      expect(names('ServiceAccount')).toContain(textAt(pod, 'serviceAccountName'));
      const maps = [
        ...listAt(pod, 'volumes').map((volume) => textAt(volume, 'configMap', 'name')),
        ...environmentOf(workload).map(({ map }) => map),
      ].filter((name) => name !== '');
      for (const name of maps) expect(names('ConfigMap')).toContain(name);
    }
    for (const service of ofKind(all, 'Service'))
      for (const port of listAt(service, 'spec', 'ports')) {
        expect(at(port, 'port')).toBe(defaultPort);
        for (const workload of workloadsOf(all).filter(isServer))
          expect(portsOf(workload)).toContainEqual({
            name: textAt(port, 'targetPort'),
            containerPort: defaultPort,
          });
      }
  });

  it.runIf(isThere)('gives each pod no right and nothing to write but its volumes', () => {
    for (const workload of workloadsOf(objects())) {
      const pod = podOf(workload);
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      });
      expect(containerOf(workload)).toMatchObject({
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      });
      expect(textAt(containerOf(workload), 'resources', 'limits', 'memory')).not.toBe('');
    }
  });

  it.runIf(isThere)('starts with settings that Ratchet takes', () => {
    for (const workload of workloadsOf(objects())) {
      const environment = Object.fromEntries(environmentOf(workload).map(({ name, value }) => [name, value]));
      const settings = {
        RATCHET_HOST: '0.0.0.0',
        ...environment,
        RATCHET_CONFIG: join(root, kustomizeFolder, 'base/ratchet.yaml'),
      };
      const config = loadConfig(settings, root);
      expect(config.warnings).toEqual([]);
      const { database } = config;
      if (database.kind === 'sqlite') expect(writableFolders(workload)).toContain(join(database.path, '..'));
      else expect(environment['PGPASSWORD']).toBeDefined();
      if (isServer(workload)) expect(config.port).toBe(defaultPort);
    }
  });

  it.runIf(isThere)('sends traffic by /healthz alone, and gives a stop the time that it takes', () => {
    for (const workload of workloadsOf(objects()).filter(isServer)) {
      const container = containerOf(workload);
      for (const probe of ['livenessProbe', 'readinessProbe'])
        expect(at(container, probe, 'httpGet')).toEqual({ path: '/healthz', port: 'http' });
      expect(textAt(container, 'startupProbe', 'httpGet', 'path')).toMatch(/^\/(healthz|readyz)$/);
      const drain = environmentOf(workload).find(({ name }) => name === 'RATCHET_DRAIN_TIMEOUT')?.value;
      const preStop = textAt(container, 'lifecycle', 'preStop', 'exec', 'command', 1);
      const needed = secondsOf(preStop) + secondsOf(drain ?? '12s') + stopSeconds;
      expect(Number(textAt(podOf(workload), 'terminationGracePeriodSeconds'))).toBeGreaterThanOrEqual(needed);
    }
  });

  it.runIf(isThere)('runs this version', () => {
    for (const workload of workloadsOf(objects()))
      expect(textAt(containerOf(workload), 'image')).toMatch(
        new RegExp(`^ratchet$|/ratchet:${version.replaceAll('.', '\\.')}$`),
      );
  });
});

describe('the overlays', () => {
  it('have one process at a SQLite file, and one that learns beside proxies that do not', () => {
    const [sqlite = '', postgres = ''] = overlays;
    expect(
      workloadsOf(plainObjects(sqlite)).map((one) => [textAt(one, 'kind'), at(one, 'spec', 'replicas')]),
    ).toEqual([['StatefulSet', 1]]);
    const roles = workloadsOf(plainObjects(postgres)).map((one) => [
      textAt(one, 'metadata', 'name'),
      environmentOf(one).find(({ name }) => name === 'RATCHET_ROLE')?.value,
      environmentOf(one).some(({ name }) => name === 'RATCHET_LEARNING_KEY'),
    ]);
    expect(roles).toEqual([
      ['ratchet-learner', 'learner', true],
      ['ratchet-proxy', 'proxy', false],
      ['ratchet-migrate', undefined, false],
    ]);
    for (const folder of overlays)
      expect(read(join(folder, 'kustomization.yaml'))).toContain(`newTag: ${version}\n`);
  });
});

function ofKind(objects: readonly unknown[], kind: string): readonly unknown[] {
  return objects.filter((object) => textAt(object, 'kind') === kind);
}

function workloadsOf(objects: readonly unknown[]): readonly unknown[] {
  const found = ['Deployment', 'StatefulSet', 'Job'].flatMap((kind) => ofKind(objects, kind));
  expect(found).not.toEqual([]);
  return found;
}

const isServer = (workload: unknown): boolean => textAt(workload, 'kind') !== 'Job';
const podOf = (workload: unknown): unknown => at(workload, 'spec', 'template', 'spec');
const containerOf = (workload: unknown): unknown => at(podOf(workload), 'containers', 0);
const portsOf = (workload: unknown): readonly unknown[] => listAt(containerOf(workload), 'ports');

function isSelected(
  labels: Readonly<Record<string, string>>,
  selector: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** What a workload's container has in its environment; a secret is made up, as its place asks for it. */
function environmentOf(
  workload: unknown,
): readonly { readonly name: string; readonly value: string; readonly map: string }[] {
  return listAt(containerOf(workload), 'env').map((entry) => {
    const name = textAt(entry, 'name');
    const map = textAt(entry, 'valueFrom', 'configMapKeyRef', 'name');
    const secret = name === 'RATCHET_KEYS' ? 'web:0123456789abcdef:infer' : '0123456789abcdef';
    const value = at(entry, 'valueFrom', 'secretKeyRef') === undefined ? textAt(entry, 'value') : secret;
    return { name, map, value: map === '' ? value : 'postgres://ratchet@postgres:5432/ratchet' };
  });
}

/** Where a workload's container may write. */
function writableFolders(workload: unknown): readonly string[] {
  const claimed = listAt(workload, 'spec', 'volumeClaimTemplates').map((claim) =>
    textAt(claim, 'metadata', 'name'),
  );
  return listAt(containerOf(workload), 'volumeMounts')
    .filter((mount) => at(mount, 'readOnly') !== true && claimed.includes(textAt(mount, 'name')))
    .map((mount) => textAt(mount, 'mountPath'));
}

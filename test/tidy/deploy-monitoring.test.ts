import { resourceFromAttributes } from '@opentelemetry/resources';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openMetering } from '../../src/telemetry/metering.ts';
import { counterDefinitions, gaugeDefinitions, histogramDefinitions } from '../../src/telemetry/metrics.ts';
import { at, entriesAt, listAt, read, root, textAt, treeOf } from './deploy-tree.ts';
import { isOnPath } from './kustomize.ts';

const alerts = listAt(treeOf('deploy/prometheus/alerts.yaml'), 'groups').flatMap((group) =>
  listAt(group, 'rules'),
);
const dashboard = treeOf('deploy/grafana/ratchet.json');
const panels = listAt(dashboard, 'panels').filter((panel) => textAt(panel, 'type') !== 'row');
const queries = [
  ...alerts.map((alert) => textAt(alert, 'expr')),
  ...panels.flatMap((panel) => listAt(panel, 'targets').map((target) => textAt(target, 'expr'))),
  ...listAt(dashboard, 'annotations', 'list').map((annotation) => textAt(annotation, 'expr')),
  ...listAt(dashboard, 'templating', 'list').map((variable) => textAt(variable, 'definition')),
].filter((query) => query !== '');

/** What Prometheus adds to every series. */
const ownLabels = ['job', 'namespace', 'instance', 'le'];
const exposedAs = (name: string): string => name.replaceAll('.', '_');
/** The labels of each metric as `docs/telemetry.md` has them, by the name that Prometheus sees, without endings. */
const labelsOf = new Map<string, readonly string[]>();
/** Every series that a server exposes once everything has been counted. */
const exposed = new Set(['up']);

beforeAll(async () => {
  const metering = await openMetering(resourceFromAttributes({}), {
    isExported: false,
    intervalMs: undefined,
  });
  const { count, gauge, record } = metering.instruments;
  for (const name of keysOf(counterDefinitions)) count(name, 1);
  for (const name of keysOf(gaugeDefinitions)) gauge(name, 1);
  for (const name of keysOf(histogramDefinitions)) record(name, 1);
  for (const [, name = ''] of (await metering.text()).matchAll(/^(\w+)\{/gm)) exposed.add(name);
  await metering.shutdown();

  for (const [, names = '', labels = ''] of read('docs/telemetry.md').matchAll(
    /^\| (`[^|]+`) \| (?:counter|gauge|histogram)[^|]*\|[^|]*\|([^|]*)\|$/gm,
  ))
    for (const name of quoted(names))
      labelsOf.set(exposedAs(name), quoted(labels.replaceAll(/\([^)]*\)/g, '')).map(exposedAs));
});

describe('the queries of alerts and dashboard', () => {
  it('are there', () => {
    expect(alerts.length).toBeGreaterThan(10);
    expect(panels.length).toBeGreaterThan(20);
    expect(panels.filter((panel) => listAt(panel, 'targets').length === 0)).toEqual([]);
  });

  it('ask for what Ratchet exposes, of the job that it is', () => {
    for (const query of queries) {
      const selected = selectorsOf(query);
      expect(selected).not.toEqual([]);
      for (const { name, matchers } of selected) {
        expect(exposed).toContain(name);
        expect(matchers).toContain('job="ratchet"');
      }
      // Every metric is written with its matchers, so that none escapes the check above.
      for (const [name] of query.matchAll(/\b(?:ratchet|gen_ai)_\w+(?!\w*\{)\b/g))
        expect(['gen_ai_token_type', 'gen_ai_request_model', ...selected.map((one) => one.name)]).toContain(
          name,
        );
    }
  });

  it('ask for labels that these metrics have', () => {
    for (const query of queries) {
      const selected = selectorsOf(query);
      for (const { name, matchers } of selected)
        for (const [, label = ''] of matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g))
          expect([...ownLabels, ...knownLabels(name)], `${label} of ${name}`).toContain(label);
      const known = selected.flatMap(({ name }) => knownLabels(name));
      for (const [, list = ''] of query.matchAll(/\bby \(([^)]*)\)/g))
        for (const label of list.split(',').map((text) => text.trim()))
          expect([...ownLabels, ...known], `${label} in ${query}`).toContain(label);
    }
  });
});

describe('the documentation of metrics', () => {
  it('has every metric that there is, and no other', () => {
    const known = [counterDefinitions, gaugeDefinitions, histogramDefinitions].flatMap((definitions) =>
      Object.keys(definitions),
    );
    expect([...labelsOf.keys()].toSorted()).toEqual(known.map(exposedAs).toSorted());
  });
});

describe('the alerts', () => {
  const headings = [...read('docs/operations.md').matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title);
  const names = alerts.map((alert) => textAt(alert, 'alert'));

  it('have a severity, a sentence and a section of their own in the runbook', () => {
    expect(new Set(names).size).toBe(names.length);
    for (const alert of alerts) {
      const name = textAt(alert, 'alert');
      expect(entriesAt(alert, 'labels')['severity']).toMatch(/^(page|ticket|info)$/);
      expect(textAt(alert, 'annotations', 'summary')).not.toBe('');
      expect(textAt(alert, 'annotations', 'runbook')).toBe(`docs/operations.md#${name.toLowerCase()}`);
      expect(headings).toContain(name);
    }
    expect(headings.filter((title) => /^Ratchet[A-Z]/.test(title) && !names.includes(title))).toEqual([]);
  });

  it('each have a test of what raises them', () => {
    const tested = listAt(treeOf('deploy/prometheus/alerts.test.yaml'), 'tests').flatMap((test) =>
      listAt(test, 'alert_rule_test')
        .filter((one) => listAt(one, 'exp_alerts').length > 0)
        .map((one) => textAt(one, 'alertname')),
    );
    expect(new Set(tested)).toEqual(new Set(names));
  });

  it.runIf(isOnPath('promtool'))('pass these tests', () => {
    const tests = join(root, 'deploy/prometheus/alerts.test.yaml');
    expect(execFileSync('promtool', ['test', 'rules', tests], { encoding: 'utf8' })).toContain('SUCCESS');
  });
});

describe('the dashboard', () => {
  it('takes its data from a source that can be chosen, each panel by itself and apart from the others', () => {
    const ids = panels.map((panel) => at(panel, 'id'));
    expect(new Set(ids).size).toBe(ids.length);
    const taken = new Set<string>();
    for (const panel of panels) {
      expect(textAt(panel, 'datasource', 'uid')).toBe('${datasource}');
      const [x, y, w, h] = ['x', 'y', 'w', 'h'].map((side) => Number(textAt(panel, 'gridPos', side)));
      for (let column = x ?? 0; column < (x ?? 0) + (w ?? 0); column++)
        for (let row = y ?? 0; row < (y ?? 0) + (h ?? 0); row++) {
          expect(taken.has(`${column} ${row}`), textAt(panel, 'title')).toBe(false);
          taken.add(`${column} ${row}`);
          expect(column).toBeLessThan(24);
        }
    }
  });
});

interface Selector {
  readonly name: string;
  readonly matchers: string;
}

function selectorsOf(query: string): readonly Selector[] {
  return [...query.matchAll(/([a-zA-Z_]\w*)\{([^}]*)\}/g)].map(([, name = '', matchers = '']) => ({
    name,
    matchers,
  }));
}

function knownLabels(name: string): readonly string[] {
  const found = labelsOf.get(name.replace(/_(total|bucket|sum|count)$/, ''));
  return found ?? [];
}

function quoted(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}

function keysOf<Name extends string>(definitions: Readonly<Record<Name, unknown>>): readonly Name[] {
  const isName = (key: string): key is Name => Object.hasOwn(definitions, key);
  return Object.keys(definitions).filter(isName);
}

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join, normalize } from 'node:path';
import { at, documentsIn, documentsOf, entriesAt, listAt, root, textAt, treeOf } from './deploy-tree.ts';

/** Where the overlays are. */
export const kustomizeFolder = 'deploy/kustomize';

/** Whether a program is on the path. */
export function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/** The files that a kustomization names, its bases and components too, by their paths from the package's folder. */
export function namedFiles(folder: string): readonly string[] {
  const file = join(folder, 'kustomization.yaml');
  const tree = treeOf(file);
  const entries = [...listAt(tree, 'resources'), ...listAt(tree, 'components')].map(String);
  const generated = listAt(tree, 'configMapGenerator').flatMap((map) => listAt(map, 'files').map(String));
  return [
    file,
    ...generated.map((name) => join(folder, name)),
    ...entries.flatMap((entry) => {
      const path = normalize(join(folder, entry));
      return entry.endsWith('.yaml') ? [path] : namedFiles(path);
    }),
  ];
}

/** The objects of an overlay as its files have them, with the labels that kustomize adds, for where it is not there. */
export function plainObjects(folder: string): readonly unknown[] {
  const labels = entriesAt(treeOf(join(folder, 'kustomization.yaml')), 'labels', 0, 'pairs');
  const kustomizations = namedFiles(folder).filter((file) => file.endsWith('kustomization.yaml'));
  const maps = kustomizations.flatMap((file) =>
    listAt(treeOf(file), 'configMapGenerator').map((map) => generatedMap(map, dirname(file))),
  );
  const objects = namedFiles(folder)
    .filter((file) => !kustomizations.includes(file) && !file.endsWith('/ratchet.yaml'))
    .flatMap(documentsOf);
  return [...maps, ...objects.map((object) => withLabels(object, labels))];
}

/** The objects of an overlay as `kubectl kustomize` makes them, names of config maps without their hash. */
export function renderedObjects(folder: string): readonly unknown[] {
  const text = execFileSync('kubectl', ['kustomize', join(root, folder)], { encoding: 'utf8' });
  return documentsIn(text.replaceAll(/(\bname: ratchet[a-z-]*)-[a-z0-9]{10}$/gm, '$1'), folder);
}

function generatedMap(map: unknown, folder: string): unknown {
  const literals = listAt(map, 'literals').map((literal) => {
    const [, key = '', value = ''] = /^([^=]+)=(.*)$/.exec(String(literal)) ?? [];
    return [key, value];
  });
  const files = listAt(map, 'files').map((name) => [name, join(folder, String(name))]);
  return {
    kind: 'ConfigMap',
    metadata: { name: textAt(map, 'name') },
    data: Object.fromEntries([...literals, ...files]),
  };
}

/** Adds labels where kustomize does with `includeSelectors` and `includeTemplates`. */
function withLabels(object: unknown, labels: Readonly<Record<string, string>>): unknown {
  const copy: unknown = structuredClone(object);
  const add = (tree: unknown): void => void (typeof tree === 'object' && tree && Object.assign(tree, labels));
  if (textAt(copy, 'kind') === 'Service') add(at(copy, 'spec', 'selector'));
  add(at(copy, 'spec', 'selector', 'matchLabels'));
  add(at(copy, 'spec', 'template', 'metadata', 'labels'));
  return copy;
}

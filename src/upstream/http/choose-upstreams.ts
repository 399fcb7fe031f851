import type { RelayConfig } from '../../domain/upstream.ts';
import type { ModelCall } from '../relay.ts';

/** The upstreams that may serve a call, at least one, in the order in which they are tried. */
export type ChooseUpstreams<Upstream> = (
  call: Pick<ModelCall, 'model' | 'taskName'> | null,
) => readonly Upstream[];

/**
 * The list of the task, else that of the first route with a pattern for the model, else the fallback list, which is also
 * for everything that is no call of a model. Throws a RangeError where a list is empty or names an upstream that does not exist.
 */
export function createChoice<Upstream>(
  { fallback, routes, tasks }: Pick<RelayConfig, 'fallback' | 'routes' | 'tasks'>,
  byName: ReadonlyMap<string, Upstream>,
): ChooseUpstreams<Upstream> {
  const resolve = (names: readonly string[]): readonly Upstream[] => {
    if (names.length === 0) throw new RangeError('a list of upstreams is empty');
    return names.map((name) => {
      const upstream = byName.get(name);
      if (upstream === undefined) throw new RangeError(`there is no upstream ${name}`);
      return upstream;
    });
  };
  const everything = resolve(fallback);
  const ofTask = new Map(Object.entries(tasks).map(([task, names]) => [task, resolve(names)]));
  const ofModel = routes.map(({ models, upstreams }) => ({ models, upstreams: resolve(upstreams) }));
  if (ofTask.size === 0 && ofModel.length === 0) return () => everything;
  return (call) => {
    if (call === null) return everything;
    return (
      (call.taskName === null ? undefined : ofTask.get(call.taskName)) ??
      ofModel.find(({ models }) => models.some((pattern) => matchesPattern(pattern, call.model)))
        ?.upstreams ??
      everything
    );
  };
}

/** Whether a text is the pattern, in which `*` stands for any text. Linear in the text, which a client chooses. */
export function matchesPattern(pattern: string, text: string): boolean {
  const [head = '', ...others] = pattern.split('*');
  const tail = others.pop();
  if (tail === undefined) return text === head;
  if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
  let at = head.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= text.length - tail.length;
}

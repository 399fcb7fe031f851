import { findMembers, skipSpace } from './json-members.ts';

/** A model as OpenAI's API lists it. */
export function modelObject(id: string): object {
  return { id, object: 'model', created: 0, owned_by: 'ratchet' };
}

/**
 * A list of models with further ones at its end, spliced in so that all else keeps its bytes; those that it has already
 * are left out. `undefined` where it is no list as it is expected.
 */
export function withModels(list: Buffer, ids: readonly string[]): Buffer | undefined {
  const text = list.toString('latin1');
  const data = findMembers(text)?.find(({ key }) => key === 'data');
  if (data === undefined || text[data.valueStart] !== '[') return undefined;
  const added = ids.map((id) => JSON.stringify(modelObject(id))).filter((json) => !hasModel(text, json));
  if (added.length === 0) return list;
  const end = data.valueEnd - 1;
  const isEmpty = skipSpace(text, data.valueStart + 1) === end;
  return Buffer.concat([
    list.subarray(0, end),
    Buffer.from(`${isEmpty ? '' : ','}${added.join(',')}`),
    list.subarray(end),
  ]);
}

/** Another Ratchet upstream may have listed it: its objects are written as ours are. */
function hasModel(text: string, json: string): boolean {
  return text.includes(Buffer.from(json).toString('latin1'));
}

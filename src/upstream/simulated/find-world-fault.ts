import { slotNamesIn } from './slots.ts';
import type { FacetsWorld, ReplayWorld, World, WorldInput } from './world.ts';

/** What is wrong with a world whose fields are all well-formed, and where. */
export interface WorldFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * The first contradiction between fields: a name that nothing has, a list of the wrong length, two things with one
 * name. `undefined` when there is none.
 */
export function findWorldFault(world: World): WorldFault | undefined {
  switch (world.kind) {
    case 'facets':
      return findFacetsFault(world);
    case 'replay':
      return findReplayFault(world);
  }
}

function findFacetsFault(world: FacetsWorld): WorldFault | undefined {
  const ids = world.model.facets.map(({ id }) => id);
  return (
    findRepeat(ids, ['model', 'facets'], 'id') ??
    findInputClash(world.agent.inputs) ??
    findSlotFault(world) ??
    findUnknownFacet(world, new Set(ids))
  );
}

function findReplayFault(world: ReplayWorld): WorldFault | undefined {
  const ids = world.prompts.map(({ id }) => id);
  const known = new Set(ids);
  return (
    findRepeat(ids, ['prompts'], 'id') ??
    findInputClash(
      world.items.map((item) => ({ ...item, difficulty: 0 })),
      ['items'],
    ) ??
    (known.has(world.baseline)
      ? undefined
      : { path: ['baseline'], message: `no prompt has the id "${world.baseline}"` }) ??
    findRecordingFault(world, known) ??
    findUnrecordedModel(world) ??
    findUnknownFacet(world, new Set())
  );
}

function findRepeat(
  names: readonly string[],
  path: readonly (string | number)[],
  field: string,
): WorldFault | undefined {
  const index = names.findIndex((name, at) => names.indexOf(name) !== at);
  if (index === -1) return undefined;
  return { path: [...path, index, field], message: `"${names[index]}" is taken; choose another id` };
}

/** Inputs are recognised by their text, so equal texts must mean one and the same input. */
function findInputClash(
  inputs: readonly WorldInput[],
  path: readonly string[] = ['agent', 'inputs'],
): WorldFault | undefined {
  const seen = new Map<string, WorldInput>();
  for (const [index, input] of inputs.entries()) {
    const earlier = seen.get(input.text) ?? input;
    const isSame =
      earlier.answer === input.answer &&
      earlier.segment === input.segment &&
      earlier.difficulty === input.difficulty;
    if (!isSame)
      return {
        path: [...path, index, 'text'],
        message: 'another input has this text but differs otherwise; make the texts different',
      };
    seen.set(input.text, earlier);
  }
  return undefined;
}

function findSlotFault({ agent }: FacetsWorld): WorldFault | undefined {
  const prompts = [
    { path: ['agent', 'systemPrompt'], text: agent.systemPrompt },
    ...agent.promptChange.map(({ systemPrompt }, index) => ({
      path: ['agent', 'promptChange', index, 'systemPrompt'],
      text: systemPrompt,
    })),
  ];
  for (const { path, text } of prompts) {
    const missing = slotNamesIn(text).find((name) => agent.slots[name] === undefined);
    if (missing !== undefined)
      return { path, message: `the slot {{${missing}}} has no values; add them to agent.slots` };
  }
  return undefined;
}

function findUnknownFacet(world: World, known: ReadonlySet<string>): WorldFault | undefined {
  const inModel =
    world.kind === 'replay'
      ? []
      : [
          ...world.model.interactions.flatMap(({ facets }, index) =>
            facets.map((id, at) => ({ path: ['model', 'interactions', index, 'facets', at], id })),
          ),
          ...world.shifts.flatMap(({ facets }, index) =>
            Object.keys(facets).map((id) => ({ path: ['shifts', index, 'facets', id], id })),
          ),
        ];
  const named: readonly { readonly path: readonly (string | number)[]; readonly id: string }[] = [
    ...inModel,
    ...Object.keys(world.judge.facetBias).map((id) => ({ path: ['judge', 'facetBias', id], id })),
    ...Object.keys(world.feedback.missingByFacet).map((id) => ({
      path: ['feedback', 'missingByFacet', id],
      id,
    })),
  ];
  const unknown = named.find(({ id }) => !known.has(id));
  return unknown && { path: unknown.path, message: `no facet of the model has the id "${unknown.id}"` };
}

function findRecordingFault(world: ReplayWorld, known: ReadonlySet<string>): WorldFault | undefined {
  for (const field of ['outcomes', 'accuracy'] as const)
    for (const [model, byPrompt] of Object.entries(world[field])) {
      const unknown = Object.keys(byPrompt).find((id) => !known.has(id));
      if (unknown !== undefined)
        return { path: [field, model, unknown], message: `no prompt has the id "${unknown}"` };
    }
  for (const [model, byPrompt] of Object.entries(world.outcomes))
    for (const [id, marks] of Object.entries(byPrompt))
      if (marks.length !== world.items.length || !/^[01]*$/.test(marks))
        return {
          path: ['outcomes', model, id],
          message: `must be ${world.items.length} characters, 0 or 1, one per item`,
        };
  return undefined;
}

function findUnrecordedModel(world: ReplayWorld): WorldFault | undefined {
  const models = [
    { path: ['model'], model: world.model },
    ...world.shifts.map(({ model }, index) => ({ path: ['shifts', index, 'model'], model })),
  ];
  const unrecorded = models.find(({ model }) => {
    const recordings = { ...world.outcomes[model], ...world.accuracy[model] };
    return Object.keys(recordings).length === 0;
  });
  return (
    unrecorded && {
      path: unrecorded.path,
      message: `neither outcomes nor accuracy has anything of "${unrecorded.model}"`,
    }
  );
}

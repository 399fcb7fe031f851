/**
 * Text with places that differ from request to request, so that no two requests are alike, as in life: `<<unique->>` is
 * the number of the request, `<<few->>` one of 256 numbers, `<<task->>` one of as many numbers as there are tasks, and
 * `<<scope->>` the thousands of the task. Each is written with as many digits as the place has characters, so that the
 * length of the text never changes.
 */
const place = /<<(unique|few|task|scope)-*>>/g;

/** Different values of `<<few->>`. */
const fewCount = 256;

/** Tasks that share a `<<scope->>`: as many as one credential may have automatically. */
export const tasksPerScope = 1_000;

/** Fills in a template for the request of a number. `tasks`: how many tasks requests take turns on. */
export type Filler = (number: number) => string;

/** Prepares a template, so that filling it in only joins its parts. */
export function fillerOf(template: string, tasks: number): Filler {
  const parts: string[] = [];
  const places: { readonly kind: string; readonly width: number }[] = [];
  let end = 0;
  for (const found of template.matchAll(place)) {
    parts.push(template.slice(end, found.index));
    places.push({ kind: found[1] ?? '', width: found[0].length });
    end = found.index + found[0].length;
  }
  const tail = template.slice(end);
  return (number) => {
    let text = '';
    for (const [index, { kind, width }] of places.entries())
      text += `${parts[index] ?? ''}${String(valueOf(kind, number, tasks)).padStart(width, '0')}`;
    return text + tail;
  };
}

/** The same numbers as in `wrk.lua`. */
function valueOf(kind: string, number: number, tasks: number): number {
  const task = number % tasks;
  switch (kind) {
    case 'few':
      return number % fewCount;
    case 'task':
      return task;
    case 'scope':
      return Math.floor(task / tasksPerScope);
    default:
      return number;
  }
}

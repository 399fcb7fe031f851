/** The JSON values of an answer: of its events where it is a stream, else the one. `undefined` for what is malformed. */
export function answerParts(body: string, contentType: string | undefined): readonly unknown[] {
  return isEventStream(contentType) ? eventData(body).map(parseJson) : [parseJson(body)];
}

/** Whether an answer is a stream of events. */
export function isEventStream(contentType: string | undefined): boolean {
  return contentType?.toLowerCase().startsWith('text/event-stream') === true;
}

/** The data of each event of a stream, but for the mark of its end. */
export function eventData(body: string): readonly string[] {
  return body
    .split('\n')
    .filter((line) => line.startsWith('data:') && !line.startsWith('data: [DONE]'))
    .map((line) => line.slice(5));
}

/** `undefined` where the text is no JSON. */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** An HTTP/1 message as it stood on the wire. */
export interface RawMessage {
  /** Request line or status line. */
  readonly line: string;
  /** In order, with their spelling; bytes as ISO 8859-1. */
  readonly headers: readonly RawHeader[];
  /** Without the framing. */
  readonly body: Buffer;
  readonly framing: 'none' | 'length' | 'chunked' | 'close';
  readonly trailers: readonly RawHeader[];
}

export type RawHeader = readonly [name: string, value: string];

/** Reads messages from the bytes of one direction of a connection. */
export interface MessageReader {
  readonly add: (bytes: Buffer) => void;
  /** The peer will send no more, which ends a body of unknown length. */
  readonly end: () => void;
}

export interface MessageReaderSettings {
  readonly onHead?: (head: Omit<RawMessage, 'body' | 'trailers'>) => void;
  /** Each piece of a body, as soon as it is there. */
  readonly onBody?: (bytes: Buffer) => void;
  readonly onMessage: (message: RawMessage) => void;
  /** Whether the body of a response with this status line is left out, as after `HEAD`. */
  readonly isBodiless?: (line: string) => boolean;
  /** Whether bodies are put together; `false` where they are too large. Default `true`. */
  readonly keepsBodies?: boolean;
}

/** A message that is being read. */
interface Reading {
  readonly line: string;
  readonly headers: readonly RawHeader[];
  readonly framing: RawMessage['framing'];
  readonly pieces: Buffer[];
  /** Bytes of the body or of the chunk that are still to come. */
  left: number;
  stage: 'body' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailers';
}

const headEnd = Buffer.from('\r\n\r\n');
const lineEnd = Buffer.from('\r\n');
const none = Buffer.alloc(0);

/** Creates a reader. Throws where the bytes are no HTTP/1, since tests want to know. */
export function createMessageReader(settings: MessageReaderSettings): MessageReader {
  let rest: Buffer = none;
  let reading: Reading | undefined;

  const deliver = (trailers: readonly RawHeader[]): void => {
    if (reading === undefined) return;
    const { line, headers, framing, pieces } = reading;
    reading = undefined;
    settings.onMessage({ line, headers, framing, trailers, body: Buffer.concat(pieces) });
  };
  const take = (length: number): Buffer => {
    const taken = rest.subarray(0, length);
    rest = rest.subarray(length);
    return taken;
  };
  const takeLine = (): string | undefined => {
    const at = rest.indexOf(lineEnd);
    if (at < 0) return undefined;
    const line = take(at).toString('latin1');
    take(lineEnd.length);
    return line;
  };
  const takeBody = (made: Reading): void => {
    const piece = take(Math.min(made.left, rest.length));
    made.left -= piece.length;
    if (settings.keepsBodies !== false) made.pieces.push(Buffer.from(piece));
    settings.onBody?.(piece);
  };

  /** One step; `false` when more bytes are needed. */
  const step = (): boolean => {
    if (reading === undefined) {
      const at = rest.indexOf(headEnd);
      if (at < 0) return false;
      const text = take(at).toString('latin1');
      take(headEnd.length);
      reading = begin(text, settings.isBodiless);
      settings.onHead?.(reading);
      if (reading.framing === 'none' || (reading.framing === 'length' && reading.left === 0)) deliver([]);
      return true;
    }
    switch (reading.stage) {
      case 'body':
        if (rest.length === 0) return false;
        takeBody(reading);
        if (reading.left === 0) deliver([]);
        return true;
      case 'chunk-size': {
        const line = takeLine();
        if (line === undefined) return false;
        reading.left = Number.parseInt(line, 16);
        if (Number.isNaN(reading.left)) throw new Error(`no size of a chunk: ${line}`);
        reading.stage = reading.left === 0 ? 'trailers' : 'chunk';
        return true;
      }
      case 'chunk':
        if (rest.length === 0) return false;
        takeBody(reading);
        if (reading.left === 0) reading.stage = 'chunk-end';
        return true;
      case 'chunk-end':
        if (takeLine() === undefined) return false;
        reading.stage = 'chunk-size';
        return true;
      case 'trailers': {
        const at = rest.subarray(0, 2).equals(lineEnd) ? 0 : rest.indexOf(headEnd);
        if (at < 0) return false;
        const text = take(at).toString('latin1');
        take(at === 0 ? lineEnd.length : headEnd.length);
        deliver(headersOf(text === '' ? [] : text.split('\r\n')));
        return true;
      }
    }
  };

  return {
    add: (bytes) => {
      rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      while (step());
    },
    end: () => {
      if (reading?.framing === 'close') deliver([]);
    },
  };
}

/** The first value of a header by its name in lower case. */
export function headerOf(headers: readonly RawHeader[], name: string): string | undefined {
  return headers.find(([key]) => key.toLowerCase() === name)?.[1];
}

function begin(text: string, isBodiless: MessageReaderSettings['isBodiless']): Reading {
  const [line = '', ...lines] = text.split('\r\n');
  const headers = headersOf(lines);
  const isResponse = line.startsWith('HTTP/');
  const length = headerOf(headers, 'content-length');
  const isChunked = headerOf(headers, 'transfer-encoding')?.toLowerCase() === 'chunked';
  const isEmpty = isResponse && (/^HTTP\/1\.\d (?:1\d\d|204|304)/.test(line) || isBodiless?.(line) === true);
  const framing = isEmpty
    ? 'none'
    : isChunked
      ? 'chunked'
      : length !== undefined
        ? 'length'
        : isResponse
          ? 'close'
          : 'none';
  return {
    line,
    headers,
    framing,
    pieces: [],
    left: framing === 'close' ? Infinity : Number(length ?? 0),
    stage: framing === 'chunked' ? 'chunk-size' : 'body',
  };
}

function headersOf(lines: readonly string[]): readonly RawHeader[] {
  return lines.map((line) => {
    const at = line.indexOf(':');
    if (at < 1) throw new Error(`no header: ${line}`);
    return [line.slice(0, at), line.slice(at + 1).replace(/^[ \t]+|[ \t]+$/g, '')];
  });
}

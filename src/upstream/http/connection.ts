import { Client, type Dispatcher } from 'undici';

/** A handler that wants to know which connection its request goes out on. */
export interface ConnectionUser extends Dispatcher.DispatchHandler {
  readonly takenBy: (connection: Connection) => void;
}

/** A connection of a pool that knows whether it has carried a request before. */
export class Connection extends Client {
  #requests = 0;

  constructor(origin: URL, options: Client.Options) {
    super(origin, options);
    this.on('connect', () => {
      this.#requests = 0;
    });
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    if (isConnectionUser(handler)) handler.takenBy(this);
    return super.dispatch(options, handler);
  }

  /** Counts a request that is about to be written; tells whether the connection had been used before. */
  use(): boolean {
    this.#requests += 1;
    return this.#requests > 1;
  }
}

function isConnectionUser(handler: Dispatcher.DispatchHandler): handler is ConnectionUser {
  return 'takenBy' in handler;
}

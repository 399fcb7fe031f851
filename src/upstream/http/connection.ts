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
    const begin = (): void => {
      this.#requests = 0;
    };
    this.on('connect', begin).on('disconnect', begin);
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    if (isConnectionUser(handler)) handler.takenBy(this);
    return super.dispatch(options, handler);
  }

  /** Whether it stands, and has carried a request. */
  get isKept(): boolean {
    return this.#requests > 0;
  }

  /** Counts a request that is about to be written. */
  use(): void {
    this.#requests += 1;
  }
}

function isConnectionUser(handler: Dispatcher.DispatchHandler): handler is ConnectionUser {
  return 'takenBy' in handler;
}

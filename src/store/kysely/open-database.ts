import type { DatabaseLocation } from '../database-location.ts';
import type { Store } from '../store.ts';
import type { DatabaseFile } from './database-file.ts';
import { openPostgresStore } from './postgres-store.ts';
import { openSqliteFile } from './sqlite-store.ts';
import type { StoreSettings } from './store-settings.ts';

/** A store, and the file that it is in; `null` where it is on a server. */
export interface OpenedDatabase {
  readonly store: Store;
  readonly file: DatabaseFile | null;
}

/** Opens the store at a location. Rejects with `store_unavailable` where that does not work at the moment. */
export async function openDatabase(
  location: DatabaseLocation,
  settings: StoreSettings,
): Promise<OpenedDatabase> {
  switch (location.kind) {
    case 'sqlite':
      return openSqliteFile({ ...settings, path: location.path });
    case 'postgres':
      return { store: await openPostgresStore({ ...settings, url: location.url }), file: null };
  }
}

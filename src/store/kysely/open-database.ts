import type { DatabaseLocation } from '../database-location.ts';
import type { Store } from '../store.ts';
import type { ChangeListener } from './change-listener.ts';
import type { DatabaseFile } from './database-file.ts';
import { openPostgresServer } from './postgres-store.ts';
import { openSqliteFile } from './sqlite-store.ts';
import type { StoreSettings } from './store-settings.ts';

/** A store, and what it is in: a file, or a server that tells of changes; `null` where it is the other. */
export interface OpenedDatabase {
  readonly store: Store;
  readonly file: DatabaseFile | null;
  readonly listen: ChangeListener | null;
}

/** Opens the store at a location. Rejects with `store_unavailable` where that does not work at the moment. */
export async function openDatabase(
  location: DatabaseLocation,
  settings: StoreSettings,
): Promise<OpenedDatabase> {
  switch (location.kind) {
    case 'sqlite':
      return { ...(await openSqliteFile({ ...settings, path: location.path })), listen: null };
    case 'postgres':
      return { ...(await openPostgresServer({ ...settings, url: location.url })), file: null };
  }
}

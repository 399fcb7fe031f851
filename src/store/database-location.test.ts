import { describe, expect, it } from 'vitest';
import { nameOfDatabase } from './database-location.ts';

describe('the name of a database', () => {
  it('is the path of a file', () => {
    expect(nameOfDatabase({ kind: 'sqlite', path: '/var/lib/ratchet.db' })).toBe('/var/lib/ratchet.db');
  });

  it.each([
    ['postgres://ratchet:hunter2@db:5432/prod?sslmode=require', 'postgres://db:5432/prod'],
    ['postgresql://db/prod?password=hunter2', 'postgres://db/prod'],
  ])('of a server holds no credentials: %s', (url, name) => {
    expect(nameOfDatabase({ kind: 'postgres', url })).toBe(name);
  });
});

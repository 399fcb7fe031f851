/** Sets an entry as the newest of a map that is kept in memory; beyond `max` entries the oldest is forgotten. */
export function keepNewest<Value>(map: Map<string, Value>, key: string, value: Value, max: number): Value {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > max && oldest !== undefined) map.delete(oldest);
  return value;
}

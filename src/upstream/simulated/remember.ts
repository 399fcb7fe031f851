/** A function that remembers its newest `entriesMax` results by key; the oldest is forgotten first. */
export function remember<Value>(make: (key: string) => Value, entriesMax: number): (key: string) => Value {
  const known = new Map<string, Value>();
  return (key) => {
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const value = make(key);
    if (known.size >= entriesMax) {
      const oldest = known.keys().next();
      if (oldest.done !== true) known.delete(oldest.value);
    }
    known.set(key, value);
    return value;
  };
}

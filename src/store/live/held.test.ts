import { expect, it } from 'vitest';
import { createHeld } from './held.ts';

function held() {
  let nowMs = 0;
  const things = createHeld<string>({ now: () => nowMs }, { countMax: 3, bytesMax: 100, ageMsMax: 1_000 });
  return {
    ...things,
    advance: (ms: number) => {
      nowMs += ms;
    },
  };
}

it('holds the newest things, as many as it may', () => {
  const things = held();
  for (const name of ['a', 'b', 'c', 'd']) things.set(name, name, 1);
  expect(things.values()).toEqual(['b', 'c', 'd']);
});

it('holds no more than it may weigh, and counts what is replaced once', () => {
  const things = held();
  for (let time = 0; time < 10; time++) things.set('a', 'a', 40);
  things.set('b', 'b', 40);
  expect(things.values()).toEqual(['a', 'b']);
  things.set('c', 'c', 40);
  expect(things.values()).toEqual(['b', 'c']);
  things.set('huge', 'huge', 101);
  expect(things.values()).toEqual([]);
});

it('forgets what is too old', () => {
  const things = held();
  things.set('a', 'a', 1);
  things.advance(600);
  things.set('b', 'b', 1);
  things.advance(401);
  expect([things.get('a'), things.get('b')]).toEqual([undefined, 'b']);
});

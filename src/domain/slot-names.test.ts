import { describe, expect, it } from 'vitest';
import { skeletonText, type Skeleton } from './skeleton.ts';
import { withSlotNamesOf } from './slot-names.ts';

/** Reads `{{name}}` as a slot. */
const parse = (text: string): Skeleton => ({
  segments: text
    .split(/\{\{(\w+)\}\}/)
    .map((part, index) =>
      index % 2 === 1 ? { kind: 'slot' as const, name: part } : { kind: 'text' as const, text: part },
    ),
});
const renamed = (skeleton: string, model: string): string =>
  skeletonText(withSlotNamesOf(parse(skeleton), parse(model)));

describe('withSlotNamesOf', () => {
  it('knows a slot again by the text before or behind it', () => {
    expect(renamed('Hi {{slot1}}! It is {{slot2}} now.', 'It is {{slot7}} now.\nHello {{slot3}}! ')).toBe(
      'Hi {{slot1}}! It is {{slot7}} now.',
    );
    expect(renamed('The user is {{slot1}}. Be kind.', 'Ask {{slot4}}. Be kind.')).toBe(
      'The user is {{slot4}}. Be kind.',
    );
  });

  it('knows a slot again between two others, or before or behind them', () => {
    expect(
      renamed(
        'Hi {{slot1}}, it is {{slot2}}. Be kind to {{slot3}} now!',
        'Oh {{slot7}}. It is {{slot8}}. Be kind? {{slot9}}',
      ),
    ).toBe('Hi {{slot7}}, it is {{slot8}}. Be kind to {{slot9}} now!');
    expect(
      renamed('a {{slot1}} b {{slot2}} it is {{slot3}}. Be kind', 'x {{slot5}} it is {{slot6}}. Be kind'),
    ).toBe('a {{slot1}} b {{slot5}} it is {{slot6}}. Be kind');
  });

  it('gives new slots names that neither has, each once', () => {
    expect(renamed('{{slot1}} and {{slot2}} say {{slot3}}', 'I am {{slot1}} or {{slot2}} here')).toBe(
      '{{slot3}} and {{slot4}} say {{slot5}}',
    );
    expect(renamed('Say {{slot1}} twice', 'x {{slot2}} y {{slot3}} z')).toBe('Say {{slot1}} twice');
  });
});

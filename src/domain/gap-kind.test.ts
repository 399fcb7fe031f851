import { describe, expect, it } from 'vitest';
import { endsInLabel, isValue } from './gap-kind.ts';

describe('isValue', () => {
  it.each<[string, string]>([
    ['2026-11-01', 'Today is '],
    ['Monday, 2 November 2026 at 10:15', 'It is '],
    ['lundi 2 novembre 2026', 'Nous sommes '],
    ['Anna from Berlin', 'The user is '],
    ['Anna', 'Name: '],
    ['anna@example.com', 'Mail: '],
    ['17', 'Open tickets: '],
    ['iPhone', 'They own an '],
    ['\u738b\u5c0f\u660e', '\u7528\u6237\u662f'],
    ['2026\u5e7411\u67081\u65e5', '\u4eca\u5929\u662f'],
    ['', 'The user is called '],
    [' \u{1f600}', 'Hello'],
  ])('takes %j behind %j for data', (text, before) => {
    expect(isValue(text, before)).toBe(true);
  });

  it.each<[string, string]>([
    ['billing', 'You are the '],
    ['Explain invoices', 'You are the billing assistant. '],
    ['Summarise', 'You are an assistant.\n'],
    ['Translate', '- '],
    ['NEVER', 'You '],
    ['in at most 3 short sentences', 'Answer '],
    ['A, B, C, D, E, F, G, H, I, J, K, L, M', 'Users: '],
  ])('does not take %j behind %j for data', (text, before) => {
    expect(isValue(text, before)).toBe(false);
  });
});

describe('endsInLabel', () => {
  it.each([
    'Use what follows.\n\nContext:\n',
    'Context:\n[1] ',
    'Question: What ',
    '<documents>\n',
    '<user id="7">',
    'Profile:\n{"name": "',
    'It says "',
    'The page:\n```json\n',
    'plan=',
    '**Passages**:\n\n',
  ])('finds the label in %j', (before) => {
    expect(endsInLabel(before)).toBe(true);
  });

  it.each([
    '',
    'Use what follows.\n',
    'Context: see below. ',
    'Rules:\n- Be kind.\n- ',
    'Your task: ',
    '## Role:\n',
    'Answer with one of: ',
    'See https://',
    'He said "hello" ',
    '</documents>\n',
  ])('finds none in %j', (before) => {
    expect(endsInLabel(before)).toBe(false);
  });
});

import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { commands } from '../../src/cli/commands.ts';
import { createProgram } from '../../src/cli/program.ts';
import {
  configFileSchema,
  configJsonSchema,
  settingNames,
} from '../../src/configuration/config-file.schema.ts';
import { variableOf } from '../../src/configuration/environment.ts';
import { taskSchema } from '../../src/configuration/task.schema.ts';
import { operations } from '../../src/console/api/operations.ts';
import { campaignMoves } from '../../src/domain/campaign.ts';
import { packageRoot } from '../../src/runtime/package-root.ts';
import { counterDefinitions, gaugeDefinitions, histogramDefinitions } from '../../src/telemetry/metrics.ts';
import { genAi, general, openAi, ratchet } from '../../src/telemetry/names.ts';
import { cliReference, cliReferencePage } from '../documentation/cli-reference.ts';
import { compileErrors } from '../documentation/compile-errors.ts';
import { anchorsOf, pages, proseOf, readPage, snippets } from '../documentation/pages.ts';
import { shellCommands } from '../documentation/shell-words.ts';

const root = packageRoot();
const { scripts } = JSON.parse(readPage('package.json')) as { readonly scripts: Record<string, string> };

/** Pictures that `npm run docs:screenshots` draws, where there is a browser. */
const pictures = ['overview', 'task', 'campaign', 'decision'].flatMap((page) =>
  ['light', 'dark'].map((theme) => `docs/images/console-${page}-${theme}.png`),
);

/** What is wrong with the words behind `ratchet`; nothing of it is done. */
function faultOf(words: readonly string[]): string | null {
  const program = createProgram({
    environment: {},
    folder: root,
    print: () => {},
    printError: () => {},
    run: () => async () => {},
  });
  try {
    program.parse(words, { from: 'user' });
    return null;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? null : error.message;
  }
}

/** The words behind `ratchet` where a command calls it, however it does. */
function ratchetWords(words: readonly string[]): readonly string[] | null {
  const script = words[0] === 'npm' && words[1] === 'run' ? scripts[words[2] ?? ''] : undefined;
  if (script !== undefined) {
    const [, own] = /^node src\/cli\/ratchet\.ts ?(.*)$/.exec(script) ?? [];
    if (own === undefined) return null;
    const separator = words.indexOf('--');
    return [
      ...own.split(' ').filter((word) => word !== ''),
      ...(separator < 0 ? [] : words.slice(separator + 1)),
    ];
  }
  const place = words.findIndex((word) => /^(?:ratchet|(?:\S*\/)?ratchet\.(?:ts|js))$/.test(word));
  return place === 0 || (place > 0 && /^(?:npx|node)$/.test(words[place - 1] ?? ''))
    ? words.slice(place + 1)
    : null;
}

describe('links', () => {
  const links = pages.flatMap((page) =>
    [
      ...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g),
      ...proseOf(page).matchAll(/\b(?:src|srcset|href)="([^"]+)"/g),
    ].map(([, target = '']) => ({ page, target })),
  );
  const local = links.filter(({ target }) => !/^[a-z]+:/.test(target));

  it('are there to be checked', () => {
    expect(pages.length).toBeGreaterThan(20);
    expect(local.length).toBeGreaterThan(100);
  });

  it('lead to files and headings that exist', () => {
    const dead = local.filter(({ page, target }) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : relative(root, resolve(root, dirname(page), path));
      if (pictures.includes(file)) return false;
      if (!existsSync(join(root, file))) return true;
      return anchor !== undefined && !(file.endsWith('.md') && anchorsOf(file).has(anchor));
    });
    expect(dead).toEqual([]);
  });

  it('lead from the README, over other pages or at once, to every page under docs', () => {
    const reached = new Set(['README.md']);
    for (const from of reached)
      for (const { page, target } of local)
        if (page === from && /\.md(#|$)/.test(target))
          reached.add(relative(root, resolve(root, dirname(page), target.replace(/#.*/, ''))));
    expect(pages.filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([]);
  });
});

describe('commands', () => {
  const called = (lines: readonly (readonly string[])[]): readonly (readonly string[])[] =>
    lines.flatMap((words) => {
      const own = ratchetWords(words);
      return own === null ? [] : [own];
    });
  const faults = (lines: readonly (readonly string[])[]): readonly string[] =>
    lines.flatMap((words) => {
      const fault = faultOf(words);
      return fault === null ? [] : [`${words.join(' ')}: ${fault}`];
    });

  it('of snippets are commands, arguments and options of ratchet', () => {
    const lines = called(snippets('sh').flatMap(({ text }) => shellCommands(text)));
    expect(lines.length).toBeGreaterThan(20);
    expect(faults(lines)).toEqual([]);
  });

  it('of the examples in the help are so too', async () => {
    const examples = (await cliReference()).matchAll(/^ {2}(?:[A-Z_]+=\S+ |echo .*\| )?ratchet .*$/gm);
    const lines = called([...examples].flatMap(([line]) => shellCommands(line)));
    expect(lines.length).toBeGreaterThan(60);
    expect(faults(lines)).toEqual([]);
  });

  it('within the text have names and long options that exist', () => {
    // `ratchet pause|resume TASK` names two commands.
    const known = ([names = '', ...rest]: readonly string[]): boolean =>
      names
        .split('|')
        .every(
          (name) =>
            commands.some((command) => command.name === name) &&
            rest
              .filter((word) => word.startsWith('--'))
              .every((option) => !/unknown option/.test(faultOf([name, option]) ?? '')),
        );
    const unknown = pages.flatMap((page) =>
      [...proseOf(page).matchAll(/`(?:npm run )?ratchet (?:-- )?([a-z][^`]*)`/g)]
        .map(([, text = '']) => text.split(/[\s[\]]+/))
        .filter((words) => !known(words))
        .map((words) => `${page}: ratchet ${words.join(' ')}`),
    );
    expect(unknown).toEqual([]);
  });

  it('of npm are scripts that exist', () => {
    const unknown = pages.flatMap((page) =>
      [...readPage(page).matchAll(/npm run ([a-z][\w:-]*)/g)]
        .filter(([, script]) => scripts[script ?? ''] === undefined)
        .map(([, script]) => `${page}: ${script}`),
    );
    expect(unknown).toEqual([]);
  });

  it('are shown with options that commander would refuse if they were wrong', () => {
    expect(faultOf(['tasks', '--serch', 'x'])).toMatch(/unknown option/);
    expect(faultOf(['export', 'everything', 'triage'])).toMatch(/everything/);
    expect(faultOf(['tasks', '--search', 'x'])).toBeNull();
  });
});

describe('snippets', () => {
  it('of configuration are accepted: as the whole file, or as the part for one task', () => {
    const refused = snippets('yaml').flatMap(({ place, text }) => {
      // An ellipsis stands for the rest of a secret.
      const value: unknown = parse(text.replaceAll('…', '0123456789abcdef')) ?? {};
      const whole = configFileSchema.safeParse(value);
      if (whole.success || taskSchema.safeParse(value).success) return [];
      return [
        { place, issues: whole.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) },
      ];
    });
    expect(refused).toEqual([]);
  });

  it('of JSON are JSON, whole or line by line', () => {
    const isJson = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    const wrong = snippets('json').filter(
      ({ text }) => !isJson(text) && !text.trimEnd().split('\n').every(isJson),
    );
    expect(wrong.map(({ place }) => place)).toEqual([]);
  });

  it('of TypeScript compile, unless they say that they are parts', () => {
    const whole = snippets('ts').filter(({ isPart }) => !isPart);
    expect(whole.length).toBeGreaterThan(0);
    expect(compileErrors(whole)).toEqual([]);
    expect(
      compileErrors([{ place: 'here', text: "const one: number = 'one';\nexport { one };\n" }]),
    ).toHaveLength(1);
  });
});

describe('references', () => {
  it('of the command line is the help of the program; npm run docs:cli renews it', async () => {
    expect(readPage(cliReferencePage)).toBe(await cliReference());
  });

  it('of metrics has each with its kind and unit, and no other', () => {
    const documented = [
      ...readPage('docs/telemetry.md').matchAll(
        /^\| `([\w.]+)` \| (counter|gauge|histogram)\b[^|]*\| ([^|]+) \|/gm,
      ),
    ].map(([, name, kind, unit]) => `${name} ${kind} ${unit}`);
    const defined = Object.entries({
      counter: counterDefinitions,
      gauge: gaugeDefinitions,
      histogram: histogramDefinitions,
    }).flatMap(([kind, definitions]) =>
      Object.entries(definitions).map(([name, { unit }]) => `${name} ${kind} ${unit}`),
    );
    expect(documented.toSorted()).toEqual(defined.toSorted());
  });

  it('of spans names every attribute and event, and no other of ours', () => {
    const names = [genAi, openAi, ratchet, general].flatMap((group) => Object.values(group));
    // `gen_ai.response.id`, `.model`: what begins with a dot goes on from the name before.
    const documented = new Set<string>();
    let parent = '';
    for (const [, name = ''] of readPage('docs/telemetry.md').matchAll(/`([\w.]+)`/g)) {
      documented.add(name.startsWith('.') ? parent + name : name);
      if (!name.startsWith('.')) parent = name.slice(0, Math.max(0, name.lastIndexOf('.')));
    }
    expect(names.filter((name) => !documented.has(name) && name !== ratchet.task)).toEqual([]);
    expect(documented).toContain(ratchet.task);
    const metrics = [counterDefinitions, gaugeDefinitions, histogramDefinitions].flatMap(Object.keys);
    const strange = [...documented].filter(
      (name) => /^(gen_ai|openai)\./.test(name) && ![...names, ...metrics].includes(name),
    );
    expect(strange).toEqual([]);
  });

  it('of the API has every path, and no other', () => {
    // `…/plans` stands for `/api/tasks/TASK/plans`; words in capitals are parameters.
    const documented = [...proseOf('docs/api.md').matchAll(/^\| (`(?:\/api|…)\/[^|]*(?:\\\|[^|]*)*) \|/gm)]
      .flatMap(([, cell = '']) => [...cell.matchAll(/`([^`?]+)[^`]*`/g)])
      .map(([, path = '']) => path.replace('…', '/api/tasks/TASK').replaceAll(/\b[A-Z]+\b/g, '{}'));
    const served = operations.map(({ spec }) => spec.path.replaceAll(/\{\w+\}/g, '{}'));
    expect(served.filter((path) => !documented.includes(path) && path !== '/api/events')).toEqual([]);
    expect(documented.filter((path) => !served.includes(path))).toEqual([]);
    expect(proseOf('docs/api.md')).toContain('`GET /api/events`');
  });

  it('of the configuration has every key of the file and every variable, and no page has another variable', () => {
    const page = readPage('docs/configuration.md');
    const schema = configJsonSchema() as {
      readonly properties: Record<string, { readonly additionalProperties?: unknown }>;
    };
    const task = schema.properties['tasks']?.additionalProperties as { readonly properties: object };
    expect(settingNames.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
    expect(Object.keys(task.properties).filter((name) => !page.includes(`\n    ${name}:`))).toEqual([]);
    const known = [
      ...settingNames.map(variableOf),
      'RATCHET_CONFIG', // where the file is
      'RATCHET_SERVER', // whom the command line asks
      'RATCHET_URL', // of the examples
    ];
    const strange = pages.flatMap((one) =>
      [...readPage(one).matchAll(/\bRATCHET_[A-Z_]+\b/g)]
        .filter(([name]) => !known.includes(name) && !name.startsWith('RATCHET_TEST_'))
        .map(([name]) => `${one}: ${name}`),
    );
    expect([...new Set(strange)]).toEqual([]);
  });

  it('of campaigns draws the moves that are legal', () => {
    const drawn = [...readPage('docs/concepts.md').matchAll(/^ {2}(\w+) --> (\w+)(?:: .*)?$/gm)].map(
      ([, from, to]) => `${from} ${to}`.replaceAll('rolledBack', 'rolled-back'),
    );
    const legal = Object.entries(campaignMoves).flatMap(([from, next]) => next.map((to) => `${from} ${to}`));
    expect(drawn.toSorted()).toEqual(legal.toSorted());
  });
});

import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { sampleVariant } from '../../store/samples.case.ts';
import { createApiWorld, plantHistory } from './api-world.case.ts';
import { openApiDocument } from './openapi.schema.ts';
import { operations } from './operations.ts';

const document = openApiDocument(operations, '1.2.3');
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema({ $id: 'api', ...document });

interface Described {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, unknown>> }>>;
}
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, one]) => ({ path, method, one: one as unknown as Described })),
);

/** Whether a value is as the document says that an operation answers. */
function faultsOf(path: string, method: string, status: string, value: unknown): unknown {
  const pointer = ['paths', path, method, 'responses', status, 'content', 'application/json', 'schema'].map(
    (part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')),
  );
  const validate = ajv.getSchema(`api#/${pointer.join('/')}`);
  if (validate === undefined) throw new Error(`${method} ${path} is not in the document`);
  return validate(value) === true ? [] : validate.errors;
}

describe('the OpenAPI document', () => {
  test('is served as it was made', async () => {
    const reply = await createApiWorld().get('/api/openapi.json');
    expect(reply).toMatchObject({ status: 200, body: { openapi: '3.1.0', info: { version: '1.2.3' } } });
    expect(reply.body).toEqual(JSON.parse(JSON.stringify(document)));
  });

  test('has every operation once, with the parameters of its path', () => {
    expect(described).toHaveLength(operations.length);
    expect(new Set(described.map(({ one }) => one.operationId)).size).toBe(operations.length);
    for (const { path, one } of described) {
      const named = one.parameters.filter((parameter) => parameter.in === 'path');
      expect(named.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
      expect(named.every(({ required }) => required)).toBe(true);
    }
  });

  test('refers only to what it has', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref ?? '');
    expect(refs.length).toBeGreaterThan(20);
    const known = new Set(
      Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`),
    );
    expect(refs.filter((ref) => !known.has(ref))).toEqual([]);
    expect(JSON.stringify(document)).not.toContain('$defs');
  });

  test('says of every operation what it takes to be allowed', () => {
    for (const { method, one } of described)
      expect(JSON.stringify(one)).toMatch(method === 'post' ? /Role: operator\./ : /Role: viewer\./);
  });
});

describe('answers', () => {
  const variant = sampleVariant();
  const byPath: Readonly<Record<string, string>> = {
    task: 'triage',
    variant: variant.id,
    version: '2',
    campaign: 'c1',
    decision: 'd2',
  };
  /** What has to be said in the query. */
  const queries: Readonly<Record<string, string>> = {
    '/api/tasks/{task}/diff': `?to=${variant.id}`,
    '/api/search': '?q=d2',
  };
  const reads = operations.filter(
    ({ spec }) => spec.method === 'get' && (spec.mediaType ?? 'application/json') === 'application/json',
  );

  test.each(reads.map(({ spec }) => spec.path))(
    'of %s are as the document says, and nothing besides',
    async (path) => {
      const world = createApiWorld();
      await plantHistory(world.store);
      await world.post('/api/tasks/triage/pause', {});
      const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => byPath[name] ?? '');
      const reply = await world.get(url + (queries[path] ?? ''));
      expect(reply.status).toBe(200);
      expect(faultsOf(path, 'get', '200', reply.body)).toEqual([]);
      const result = reads.find(({ spec }) => spec.path === path)?.schemas.result ?? z.never();
      const isWhole = new Ajv2020({ strict: false }).compile(
        z.toJSONSchema(result, { unrepresentable: 'any' }),
      );
      expect([isWhole(reply.body), isWhole.errors]).toEqual([true, null]);
    },
  );

  test.each<[string, string, string, unknown]>([
    ['/api/tasks/{task}/pause', '/api/tasks/triage/pause', '200', {}],
    ['/api/tasks/{task}/pin', '/api/tasks/triage/pin', '200', { variantId: 'baseline' }],
    ['/api/tasks/{task}/roll-back', '/api/tasks/triage/roll-back', '200', { toVersion: 1 }],
    [
      '/api/tasks/{task}/proposals',
      '/api/tasks/triage/proposals',
      '201',
      { edits: [{ op: 'insert', text: 'Be kind.', intent: 'x' }] },
    ],
    ['/api/campaigns/{campaign}/reject', '/api/campaigns/c2/reject', '200', { reason: 'no' }],
    ['/api/campaigns/{campaign}/promote', '/api/campaigns/c2/promote', '200', { reason: 'yes' }],
    ['/api/forget', '/api/forget', '200', { target: { kind: 'scope', scope: 'key-1' } }],
  ])('to %s are as the document says', async (path, url, status, body) => {
    const world = createApiWorld();
    await plantHistory(world.store);
    const reply = await world.post(url, body);
    expect(reply.status).toBe(Number(status));
    expect(faultsOf(path, 'post', status, reply.body)).toEqual([]);
  });

  test('are told apart from what the document does not say', () => {
    expect(faultsOf('/api/me', 'get', '200', { id: 1 })).not.toEqual([]);
  });
});

import { z } from 'zod';
import { errorCodes } from '../../domain/ratchet-error.ts';
import type { Operation } from './operation.schema.ts';

type Json = Readonly<Record<string, unknown>>;

/** An OpenAPI document, as far as we make one. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: Json;
  readonly security: readonly Json[];
  readonly tags: readonly Json[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> } & Json;
}

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().describe('For people.'),
    code: z.string().describe(`Stable: ${Object.keys(errorCodes).join(', ')}.`),
    param: z.string().optional().describe('The field that is at fault.'),
  })
  .meta({ id: 'Problem' });

/** The OpenAPI 3.1 document of operations, made from the schemas that check their requests. */
export function openApiDocument(operations: readonly Operation[], version: string): OpenApiDocument {
  const schemas = new Map<string, Json>();
  const refer = (schema: z.ZodType): Json => hoist(schema, schemas);
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations) {
    const { path, method } = operation.spec;
    (paths[path] ??= {})[method] = describeOperation(operation, refer);
  }
  refer(problem);
  return {
    openapi: '3.1.0',
    info: { title: 'Ratchet control API', version },
    security: [{ adminToken: [] }],
    tags: [...new Set(operations.map(({ spec }) => spec.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries([...schemas].toSorted(([one], [other]) => (one < other ? -1 : 1))),
      securitySchemes: {
        adminToken: {
          type: 'http',
          scheme: 'bearer',
          description: 'An admin token. A server on loopback without one asks for none.',
        },
      },
    },
  };
}

function describeOperation(
  { spec, schemas: { params, query, body, result } }: Operation,
  refer: (schema: z.ZodType) => Json,
): Json {
  const { id, tag, summary, description, role, mediaType = 'application/json', status = 200 } = spec;
  const isRead = spec.method === 'get' && mediaType === 'application/json';
  const conditions = [
    ...(isRead ? [header('If-None-Match', 'ETag of what is known already.')] : []),
    ...(spec.isConditional ? [header('If-Match', 'ETag of what the client has seen.')] : []),
  ];
  const content = { [mediaType]: { schema: refer(result) } };
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: [description, `Role: ${role}.`].filter((part) => part !== undefined).join(' '),
    parameters: [...fieldsOf(params, 'path'), ...fieldsOf(query, 'query'), ...conditions],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: refer(body) } } } }),
    responses: {
      [String(status)]: { description: summary, content },
      ...(isRead ? { '304': { description: 'It is as the client knows it.' } } : {}),
      default: {
        description: 'What is wrong.',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function header(name: string, description: string): Json {
  return { name, in: 'header', required: false, description, schema: { type: 'string' } };
}

/** The fields of an object as parameters. */
function fieldsOf(schema: z.ZodType, place: 'path' | 'query'): readonly Json[] {
  const { properties = {}, required = [] } = jsonSchemaOf(schema);
  return Object.entries(properties).map(([name, field]) => {
    const { description, ...rest } = typeof field === 'object' ? field : {};
    return {
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema: rest,
    };
  });
}

function jsonSchemaOf(schema: z.ZodType): z.core.JSONSchema.JSONSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}

/** A schema whose named parts stand among the components. */
function hoist(schema: z.ZodType, schemas: Map<string, Json>): Json {
  const { $schema: _dialect, $defs = {}, ...whole } = jsonSchemaOf(schema);
  for (const [name, part] of Object.entries($defs)) schemas.set(name, pointingToComponents(part));
  const { id, ...own } = pointingToComponents(whole);
  if (typeof id !== 'string') return own;
  schemas.set(id, own);
  return { $ref: `#/components/schemas/${id}` };
}

function pointingToComponents(schema: object): Json {
  const text = JSON.stringify(schema, (key, value: unknown) =>
    key === '$ref' && typeof value === 'string' ? value.replace('#/$defs/', '#/components/schemas/') : value,
  );
  const moved: Json = JSON.parse(text);
  return moved;
}

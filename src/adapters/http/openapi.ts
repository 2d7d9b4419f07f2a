import * as z from 'zod';
import type { Operation } from './operation.js';
import * as schemas from './schemas.js';
import { PLAIN_NAME, SECURE_NAME } from './session-cookie.js';

const COMMON_FAILURES: Readonly<Record<number, readonly string[]>> = {
  400: ['invalid-query', 'invalid-path'],
};
const WRITE_FAILURES: Readonly<Record<number, readonly string[]>> = {
  400: ['invalid-json', 'unknown-field'],
  403: ['cross-site'],
  413: ['too-large'],
  415: ['not-json'],
};
const SESSION_FAILURES: Readonly<Record<number, readonly string[]>> = {
  401: ['not-logged-in', 'session-ended'],
};
const ROOM_FAILURES: Readonly<Record<number, readonly string[]>> = { 400: ['invalid-room-id'] };
const LIMIT_FAILURES: Readonly<Record<number, readonly string[]>> = { 429: ['too-fast'] };
const SERVER_FAILURES: Readonly<Record<number, readonly string[]>> = {
  500: ['internal'],
  503: ['storage-unavailable', 'shutting-down'],
};

const jsonSchema = (schema: z.ZodType) => {
  const { $schema: _dialect, ...described } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return described;
};

const json = (schema: object) => ({ 'application/json': { schema } });

const parameters = (where: 'path' | 'query' | 'header', schema: z.ZodObject) => {
  const described = jsonSchema(schema);
  return Object.entries(described.properties ?? {}).map(([name, type]) => ({
    name,
    in: where,
    required: where === 'path' || (described.required ?? []).includes(name),
    schema: type,
  }));
};

const failuresOf = (operation: Operation): Map<string, string[]> => {
  const tables = [
    operation.failures,
    COMMON_FAILURES,
    operation.method === 'get' ? {} : WRITE_FAILURES,
    operation.open ? {} : SESSION_FAILURES,
    operation.path.includes(':roomId') ? ROOM_FAILURES : {},
    !operation.open && operation.limit ? LIMIT_FAILURES : {},
    SERVER_FAILURES,
  ];
  const all = new Map<string, string[]>();
  for (const [status, codes] of tables.flatMap((table) => Object.entries(table))) {
    all.set(status, [...new Set([...(all.get(status) ?? []), ...codes])]);
  }
  return all;
};

const describe = (operation: Operation) => ({
  summary: operation.summary,
  security: operation.open ? [] : [{ session: [] }, { secureSession: [] }],
  parameters: [
    ...(operation.path.includes(':roomId') ? parameters('path', schemas.roomPath) : []),
    ...(operation.query ? parameters('query', operation.query) : []),
    ...(operation.headers ? parameters('header', operation.headers) : []),
  ],
  ...(operation.body ? { requestBody: { required: true, content: json(jsonSchema(operation.body)) } } : {}),
  responses: Object.fromEntries([
    ...Object.entries(operation.answers).map(([status, schema]) => [
      status,
      schema === null
        ? { description: 'What the asker has still holds' }
        : { description: 'Success', content: json(jsonSchema(schema)) },
    ]),
    ...[...failuresOf(operation)].map(([status, codes]) => [
      status,
      {
        description: `One of: ${codes.join(', ')}`,
        content: json({
          allOf: [
            { $ref: '#/components/schemas/Failure' },
            { type: 'object', properties: { code: { enum: codes } } },
          ],
        }),
      },
    ]),
  ]),
});

/** The contract, described from the very schemas that check requests (OpenAPI 3.1). */
export const openApi = (operations: readonly Operation[]): object => {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    const path = operation.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[operation.method] = describe(operation);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Parlour', version: '1', description: 'Chat rooms where everyone reads the same page.' },
    paths,
    components: {
      schemas: { Failure: jsonSchema(schemas.failure) },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: PLAIN_NAME, description: 'Over plain HTTP' },
        secureSession: { type: 'apiKey', in: 'cookie', name: SECURE_NAME, description: 'Over HTTPS' },
      },
    },
  };
};

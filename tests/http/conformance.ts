import { expect } from '@jest/globals';
import { z } from 'zod';

/** As much of JSON Schema as is walked here. */
interface Schema {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly {
    readonly properties?: { readonly code?: { readonly enum?: readonly string[] } };
  }[];
}

interface Described {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: { readonly Failure: Schema } };
}

/** The same schema, under which nothing may be that it does not name. */
const closed = (schema: Schema): Schema => ({
  ...schema,
  ...(schema.properties && {
    additionalProperties: false,
    properties: Object.fromEntries(
      Object.entries(schema.properties).map(([name, property]) => [name, closed(property)]),
    ),
  }),
  ...(schema.items && { items: closed(schema.items) }),
  ...(schema.anyOf && { anyOf: schema.anyOf.map(closed) }),
});

const described = new Map<string, Promise<Description>>();
const checks = new WeakMap<Schema, z.ZodType>();

/** What the server at an address says of itself. */
export const descriptionAt = (address: string): Promise<Description> => {
  let description = described.get(address);
  if (description === undefined) {
    description = fetch(`${address}/api/openapi.json`).then(
      (response) => response.json() as Promise<Description>,
    );
    described.set(address, description);
  }
  return description;
};

const operationFor = (
  { paths }: Description,
  method: string,
  path: string,
): { name: string; responses: Described['responses'] } | null => {
  const { pathname } = new URL(path, 'http://parlour');
  for (const [template, operations] of Object.entries(paths)) {
    const pattern = new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`);
    const operation = operations[method.toLowerCase()];
    if (operation !== undefined && pattern.test(pathname)) {
      return { name: `${method} ${template}`, responses: operation.responses };
    }
  }
  return null;
};

const checkOf = (schema: Schema): z.ZodType => {
  let check = checks.get(schema);
  if (check === undefined) {
    check = z.fromJSONSchema(closed(schema) as Parameters<typeof z.fromJSONSchema>[0]);
    checks.set(schema, check);
  }
  return check;
};

/** Holds an answer to what the description says of this request: its status, its members, its code. */
export const expectConformance = (
  description: Description,
  asked: { method: string; path: string },
  answer: { status: number; body: { success: boolean; code?: string } },
): void => {
  const operation = operationFor(description, asked.method, asked.path);
  if (operation === null) return;
  const name = `${operation.name} ${answer.status}`;
  const schema = operation.responses[answer.status]?.content?.['application/json']?.schema;
  if (schema === undefined) throw new Error(`${name} ${String(answer.body.code)} is not described`);
  if (!answer.body.success) {
    const codes = schema.allOf?.find(({ properties }) => properties?.code)?.properties?.code?.enum ?? [];
    expect({ name, codes }).toEqual({ name, codes: expect.arrayContaining([answer.body.code]) });
  }
  const { error } = checkOf(answer.body.success ? schema : description.components.schemas.Failure).safeParse(
    answer.body,
  );
  if (error !== undefined) throw new Error(`${name} is not as described: ${z.prettifyError(error)}`);
};

import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import type { OpenApi, Operation } from "./openapi.ts";

/** A request as the emulator logged it. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: { readonly [name: string]: unknown };
  readonly body?: unknown;
}

/** What a document does not declare although the service takes it. */
export type Exemption = (request: LoggedRequest, name: string) => boolean;

/** Checks requests against an API description, names that it does not declare included. */
export function createRequestCheck(
  api: OpenApi,
  exempt: Exemption = () => false,
): (request: LoggedRequest) => string[] {
  const ajv = addFormats.default(new Ajv({ strict: false, allErrors: true }), ["uri"]);
  return (request) => {
    const place = `${request.method} ${request.path}`;
    const operation = operationOf(api, request);
    if (operation === undefined) return [`${place} is not described`];
    const undeclared = Object.keys(request.query)
      .filter((name) => !operation.queryNames.has(name) && !exempt(request, name))
      .map((name) => `query ${name} is not declared`);
    const problems = [...undeclared, ...checkBody(ajv, api, operation, request, exempt)];
    return problems.map((text) => `${place}: ${text}`);
  };
}

/** Whether a description has the operation of this request. */
export function isDescribed(api: OpenApi, request: LoggedRequest): boolean {
  return operationOf(api, request) !== undefined;
}

function operationOf(api: OpenApi, { method, path }: LoggedRequest): Operation | undefined {
  return api.find(method, path.replace(/^\/v3/, ""));
}

function checkBody(
  ajv: Ajv,
  api: OpenApi,
  { definition }: Operation,
  request: LoggedRequest,
  exempt: Exemption,
): string[] {
  const { requestBody } = definition as { readonly requestBody?: RequestBody };
  const schema = requestBody?.content?.["application/json"]?.schema;
  const { body } = request;
  if (body === undefined || body === null) return [];
  if (schema === undefined) return ["a body is not declared"];
  const validate = ajv.compile(close(resolve(schema, api)) as object);
  if (validate(body)) return [];
  return (validate.errors ?? [])
    .filter(({ params }) => !exempt(request, String(params["additionalProperty"])))
    .map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
}

interface RequestBody {
  readonly content?: { readonly "application/json"?: { readonly schema?: object } };
}

/** A schema without references; `allOf` is joined, so that names can be counted. */
function resolve(schema: unknown, api: OpenApi): unknown {
  if (Array.isArray(schema)) return schema.map((item) => resolve(item, api));
  if (typeof schema !== "object" || schema === null) return schema;
  const { $ref, allOf, ...own } = schema as { $ref?: string; allOf?: unknown[] };
  if ($ref !== undefined) {
    const name = $ref.split("/").at(-1) ?? "";
    const { components } = api.document as unknown as { readonly components: Components };
    return resolve(components.schemas[name], api);
  }
  const parts = (allOf ?? []).map((part) => resolve(part, api) as Shape);
  const plain = Object.fromEntries(
    Object.entries(own).map(([key, value]) => [key, resolve(value, api)]),
  ) as Shape;
  return parts.reduce(joinShapes, plain);
}

interface Components {
  readonly schemas: { readonly [name: string]: unknown };
}

interface Shape {
  readonly properties?: object;
  readonly required?: readonly string[];
}

function joinShapes(a: Shape, b: Shape): Shape {
  return {
    ...a,
    ...b,
    ...(a.properties || b.properties ? { properties: { ...a.properties, ...b.properties } } : {}),
    required: [...(a.required ?? []), ...(b.required ?? [])],
  };
}

/** A schema that refuses names it does not declare, except where it says that any may come. */
function close(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(close);
  if (typeof schema !== "object" || schema === null) return schema;
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, close(value)]),
  );
  // A default of the wrong type would make a schema invalid, and says nothing about requests.
  const { default: _, ...rest } = inner;
  const isObject = rest["type"] === "object" && rest["properties"] !== undefined;
  return isObject && rest["additionalProperties"] === undefined && !isOpen(rest["properties"])
    ? { ...rest, additionalProperties: false }
    : rest;
}

/** Metadata is described by example in the older document: anything may stand beside `@private`. */
function isOpen(properties: unknown): boolean {
  return Object.hasOwn(properties as object, "@private");
}

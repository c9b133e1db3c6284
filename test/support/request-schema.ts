import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";

/** A request as the emulator logged it. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: { readonly [name: string]: unknown };
  readonly body?: unknown;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly content?: { readonly "application/json"?: { readonly schema?: object } };
  };
}

interface Parameter {
  readonly $ref?: string;
  readonly name?: string;
  readonly in?: string;
}

interface OpenApi {
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } };
  readonly components: { readonly [section: string]: { readonly [name: string]: unknown } };
}

/** What a document does not declare although the service takes it. */
export type Exemption = (request: LoggedRequest, name: string) => boolean;

const REFERENCE = join(import.meta.dirname, "../../../shared/reference");

/** An API description from the folder of references, or `undefined` where that is not there. */
export function readDescription(name: string): OpenApi | undefined {
  const file = join(REFERENCE, name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as OpenApi) : undefined;
}

/** Checks requests against an API description, names that it does not declare included. */
export function createRequestCheck(
  description: OpenApi,
  exempt: Exemption = () => false,
): (request: LoggedRequest) => string[] {
  const ajv = addFormats.default(new Ajv({ strict: false, allErrors: true }), ["uri"]);
  const check = (request: LoggedRequest): string[] => {
    const found = operationOf(description, request);
    if (found === undefined) return [`${request.method} ${request.path} is not described`];
    const place = `${request.method} ${request.path}`;
    return [
      ...checkQuery(description, found, request, exempt).map((text) => `${place}: ${text}`),
      ...checkBody(ajv, description, found, request, exempt).map((text) => `${place}: ${text}`),
    ];
  };
  return check;
}

/** Whether a description has the operation of this request. */
export function isDescribed(description: OpenApi, request: LoggedRequest): boolean {
  return operationOf(description, request) !== undefined;
}

function operationOf(description: OpenApi, request: LoggedRequest): Operation | undefined {
  const segments = request.path.replace(/^\/v3/, "").split("/");
  const matches = Object.entries(description.paths).filter(([path]) => {
    const template = path.split("/");
    return (
      template.length === segments.length &&
      template.every((part, i) => part.startsWith("{") || part === segments[i])
    );
  });
  // A literal path wins over one with a parameter in the same place.
  const [best] = matches.sort(([a], [b]) => a.split("{").length - b.split("{").length);
  return best?.[1][request.method.toLowerCase()];
}

function checkQuery(
  description: OpenApi,
  operation: Operation,
  request: LoggedRequest,
  exempt: Exemption,
): string[] {
  const declared = (operation.parameters ?? []).map((parameter) => {
    const name = parameter.$ref?.split("/").at(-1);
    const shared = name === undefined ? undefined : description.components["parameters"]?.[name];
    return (shared ?? parameter) as Parameter;
  });
  const names = new Set(declared.filter((one) => one.in === "query").map(({ name }) => name));
  return Object.keys(request.query)
    .filter((name) => !names.has(name) && !exempt(request, name))
    .map((name) => `query ${name} is not declared`);
}

function checkBody(
  ajv: Ajv,
  description: OpenApi,
  operation: Operation,
  request: LoggedRequest,
  exempt: Exemption,
): string[] {
  const schema = operation.requestBody?.content?.["application/json"]?.schema;
  const { body } = request;
  if (body === undefined || body === null) return [];
  if (schema === undefined) return ["a body is not declared"];
  const closed = close(resolve(schema, description)) as object;
  const validate = ajv.compile(closed);
  if (validate(body)) return [];
  return (validate.errors ?? [])
    .filter(({ params }) => !exempt(request, String(params["additionalProperty"])))
    .map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
}

/** A schema without references; `allOf` is joined, so that names can be counted. */
function resolve(schema: unknown, description: OpenApi): unknown {
  if (Array.isArray(schema)) return schema.map((item) => resolve(item, description));
  if (typeof schema !== "object" || schema === null) return schema;
  const { $ref, allOf, ...own } = schema as { $ref?: string; allOf?: unknown[] };
  if ($ref !== undefined) {
    const name = $ref.split("/").at(-1) ?? "";
    return resolve(description.components["schemas"]?.[name], description);
  }
  const parts = (allOf ?? []).map((part) => resolve(part, description) as Shape);
  const plain = Object.fromEntries(
    Object.entries(own).map(([key, value]) => [key, resolve(value, description)]),
  ) as Shape;
  return parts.reduce(joinShapes, plain);
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

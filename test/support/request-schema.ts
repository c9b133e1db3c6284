import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { type OpenApi, type Operation, readOpenApi } from "./openapi.ts";

/** A request as the emulator logged it. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: { readonly [name: string]: unknown };
  readonly body?: unknown;
}

/** What a document does not declare although the service takes it. */
type Exemption = (request: LoggedRequest, name: string) => boolean;

/** Checks requests against an API description, names that it does not declare included. */
function createRequestCheck(
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

/** Names that came after 2023 and that the vendor documents today. */
const since2023: Exemption = ({ method, path }, name) =>
  (method === "GET" && path === "/v3/roles" && ["page", "perPage"].includes(name)) ||
  (path.startsWith("/v3/users") && name === "statusMessage");

/** The one request of ours that only the other dialect describes: it tells the two apart. */
function isProbe({ method, path }: LoggedRequest): boolean {
  return method === "GET" && path === "/v3/webhooks";
}

/** What the vendor's documents, today's and that of 2023, do not describe of requests. */
export interface VendorCheck {
  problems(requests: readonly LoggedRequest[]): string[];
  /** How many requests each document was asked about. */
  readonly asked: { today: number; of2023: number };
}

/** A check against the vendor's documents, or `undefined` where they are absent. */
export function createVendorCheck(): VendorCheck | undefined {
  const today = readOpenApi("cometchat-openapi.json");
  const of2023 = readOpenApi("vendor-openapi-2023.json");
  if (today === undefined || of2023 === undefined) return undefined;
  const checkToday = createRequestCheck(today);
  const check2023 = createRequestCheck(of2023, since2023);
  const asked = { today: 0, of2023: 0 };
  return {
    asked,
    problems(requests) {
      const ours = requests.filter((request) => !isProbe(request));
      const old = ours.filter((request) => operationOf(of2023, request) !== undefined);
      asked.today += ours.length;
      asked.of2023 += old.length;
      return [...new Set([...ours.flatMap(checkToday), ...old.flatMap(check2023)])];
    },
  };
}

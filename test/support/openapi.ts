import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { parse } from "yaml";
import type { Json, JsonObject } from "../../src/providers/cometchat/emulator/index.ts";
import type { Reply } from "./emulator-client.ts";

/** One operation of an OpenAPI document. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly tags: readonly string[];
  /** Which source has it, in documents that say so. */
  readonly form: string | undefined;
  readonly queryNames: ReadonlySet<string>;
  readonly definition: JsonObject;
}

/** An OpenAPI document that calls and replies can be held against. */
export interface OpenApi {
  readonly document: JsonObject;
  readonly operations: readonly Operation[];
  /** The operation that a call is, if the document has it. */
  find(method: string, path: string): Operation | undefined;
  /** What is wrong with a call and its reply, in sentences. */
  problems(operation: Operation, call: Call, reply: Reply): string[];
}

/** A call as it was sent. */
export interface Call {
  readonly query: URLSearchParams;
  readonly body: Json | undefined;
}

const folder = join(import.meta.dirname, "..", "..", "..", "shared", "reference");

/** Reads a document of the reference folder beside the repository, if it is there. */
export function readOpenApi(name: string): OpenApi | undefined {
  const file = join(folder, name);
  if (!existsSync(file)) return undefined;
  // JSON is YAML too.
  return openApi(parse(readFileSync(file, "utf8")) as JsonObject);
}

function openApi(document: JsonObject): OpenApi {
  // The documents are OpenAPI 3.0, whose schemas have a few keywords that JSON Schema has not.
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(document, "api");
  const validators = new Map<string, ValidateFunction>();
  const operations = Object.entries(document["paths"] as JsonObject).flatMap(([path, methods]) =>
    operationsAt(document, path, methods as JsonObject),
  );

  const problemsOf = (what: string, schema: JsonObject, value: Json): string[] => {
    const key = JSON.stringify(schema);
    // References of a schema that is compiled on its own would point into that schema.
    const text = key.replaceAll('"$ref":"#/', '"$ref":"api#/');
    const validator = validators.get(key) ?? ajv.compile(JSON.parse(text) as JsonObject);
    validators.set(key, validator);
    if (validator(value)) return [];
    return (validator.errors ?? []).map(
      ({ instancePath, message }) => `${what}${instancePath} ${message}`,
    );
  };

  return {
    document,
    operations,
    find: (method, path) =>
      operations.find((operation) => operation.method === method && matches(operation.path, path)),
    problems(operation, { query, body }, reply) {
      const requested = at(operation.definition, "requestBody", "content", "application/json");
      const replied = at(
        response(document, operation, reply.status),
        "content",
        "application/json",
      );
      const undeclared = [...query.keys()].filter((name) => !operation.queryNames.has(name));
      return [
        ...undeclared.map((name) => `query ${name} is not declared`),
        ...(body === undefined
          ? []
          : problemsOf("request", at(requested, "schema"), body).concat(
              Object.keys(requested).length === 0 ? ["request has a body"] : [],
            )),
        ...(Object.keys(replied).length === 0
          ? [`reply ${reply.status} is not declared`]
          : problemsOf("reply", at(replied, "schema"), reply.body)),
      ];
    },
  };
}

function operationsAt(document: JsonObject, path: string, methods: JsonObject): Operation[] {
  const shared = (methods["parameters"] ?? []) as JsonObject[];
  return ["get", "post", "put", "delete"].flatMap((method) => {
    const definition = methods[method] as JsonObject | undefined;
    if (definition === undefined) return [];
    const parameters = [...shared, ...((definition["parameters"] ?? []) as JsonObject[])].map(
      (parameter) => resolved(document, parameter),
    );
    const inQuery = parameters.filter((parameter) => parameter["in"] === "query");
    return [
      {
        id: String(definition["operationId"]),
        method: method.toUpperCase(),
        path,
        tags: (definition["tags"] ?? []) as string[],
        form: definition["x-form"] as string | undefined,
        queryNames: new Set(inQuery.map(({ name }) => String(name))),
        definition,
      },
    ];
  });
}

function response(document: JsonObject, operation: Operation, status: number): JsonObject {
  return resolved(document, at(operation.definition, "responses", String(status)));
}

function resolved(document: JsonObject, value: JsonObject): JsonObject {
  const reference = value["$ref"];
  return typeof reference === "string" ? at(document, ...reference.split("/").slice(1)) : value;
}

function at(value: JsonObject, ...names: readonly string[]): JsonObject {
  let found: JsonObject = value;
  for (const name of names) found = (found[name] ?? {}) as JsonObject;
  return found;
}

function matches(template: string, path: string): boolean {
  const wanted = template.split("/");
  const given = path.split("/");
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => part.startsWith("{") || part === given[index])
  );
}

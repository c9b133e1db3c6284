import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../../src/model/json.ts";
import { problemsOf } from "../../support/manifest-text.ts";

const schema = JSON.parse(
  readFileSync(new URL("../../../schemas/manifest.schema.json", import.meta.url), "utf8"),
) as JsonObject;

interface Place {
  readonly path: string;
  readonly value: Json;
}

function lookUp(ref: string): Json {
  const names = ref.replace("#/", "").split("/");
  return names.reduce<Json>((at, name) => (Object(at) as JsonObject)[name] ?? null, schema);
}

/** What a manifest could be with a variable in one place, for each place that the schema tells of. */
function* placesIn(node: Json | undefined, refs: readonly string[] = []): Iterable<Place> {
  yield { path: "", value: "${S}" };
  const { $ref, properties, additionalProperties, items, ...rest } = Object(node) as JsonObject;
  if (typeof $ref === "string" && !refs.includes($ref)) {
    yield* placesIn(lookUp($ref), [...refs, $ref]);
  }
  for (const all of [rest["allOf"], rest["anyOf"], rest["oneOf"]]) {
    for (const one of Array.isArray(all) ? all : []) {
      yield* placesIn(one as Json, refs);
    }
  }
  const named = {
    ...(Object(properties) as JsonObject),
    any: additionalProperties ?? null,
    0: null,
  };
  for (const [name, below] of Object.entries(named)) {
    for (const { path, value } of below === null ? placesAt() : placesIn(below, refs)) {
      yield { path: `${path === "" ? name : `${name}.${path}`}`, value: { [name]: value } };
    }
  }
  for (const { path, value } of items === undefined ? [] : placesIn(items, refs)) {
    yield { path: `0.${path}`, value: [value] };
  }
}

/** A place that the schema does not tell of. */
function placesAt(): readonly Place[] {
  return [{ path: "", value: "${S}" }];
}

test("a sensitive variable is refused wherever it would be shown, at every place of the schema", () => {
  const places = new Map([...placesIn(schema)].map((place) => [JSON.stringify(place), place]));
  expect(places.size).toBeGreaterThan(200);
  for (const { path, value } of places.values()) {
    if (path !== "" && !/^(?:version|variables|include)\b/.test(path)) {
      const manifest = { version: 1, variables: { S: { sensitive: true } }, ...Object(value) };
      const problems = problemsOf(JSON.stringify(manifest), { variables: { S: "hunter2" } });
      const isKept = /(?:^|\.)(?:password|@private)(?:\.|$)/.test(path);
      const isRefused = problems.some((line) => line.includes("manifest/exposed-secret"));
      expect([path, isRefused || isKept]).toEqual([path, true]);
      expect(problems.join()).not.toContain("hunter2");
    }
  }
});

test.each(["{admins: ['${S}']}", "{admins: '${S}'}", "{admins: {0: '${S}'}}", "'${S}'"])(
  "a sensitive variable among members is refused: %s",
  (members) => {
    const text = `version: 1\nvariables: { S: { sensitive: true } }\ngroups: { g: { name: x, type: public, members: ${members} } }\n`;
    expect(problemsOf(text, { variables: { S: "hunter2" } })).toEqual([
      expect.stringContaining("manifest/exposed-secret"),
    ]);
  },
);

import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import manifestSchema from "../../../schemas/manifest.schema.json" with { type: "json" };
import { findErrorPage } from "../../../src/cli/error-pages.ts";
import { run } from "../../../src/cli/program.ts";
import { bundleManifest } from "../../../src/manifest/bundle.ts";
import { starterManifest } from "../../../src/manifest/starter.ts";
import { DIAGNOSTIC_CODES } from "../../../src/model/diagnostic-code.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../src/model/json.ts";
import { cometchat } from "../../../src/providers/cometchat/index.ts";
import { renderErrorPage } from "../../../src/render/error-page.ts";
import { plainPaint } from "../../../src/render/paint.ts";
import { everything } from "../../support/cases.ts";
import { problemsOf } from "../../support/manifest-text.ts";
import { openFakeTerminal } from "../../support/terminal.ts";

async function call(...args: readonly string[]) {
  const terminal = openFakeTerminal({ width: 80 });
  const exit = await run(args, terminal, "1.2.3");
  return { exit, output: terminal.output(), notes: terminal.notes() };
}

describe("explain", () => {
  test("lists every key that a manifest can have", async () => {
    const { exit, output } = await call("explain");
    expect(exit).toBe(0);
    for (const name of Object.keys(manifestSchema.properties)) {
      expect(output).toMatch(new RegExp(`^  ${name} `, "m"));
    }
  });

  test("tells of an attribute what it takes, what null does and what is secret", async () => {
    expect((await call("explain", "user.role")).output).toMatchInlineSnapshot(`
      "user.role

        Id of the user's role. null goes back to the role default.

        type  text
        rule  1 to 100 characters; a role id: letters, digits, "-" and "_" only
        null  clears it; left out, it stays as it is
      "
    `);
    expect((await call("explain", "webhooks.basicAuth.password")).output).toContain(
      "  secret    never read back, never shown, sent again only with --write-secret\n",
    );
    expect((await call("explain", "webhook.method")).output).toContain("  default  POST\n");
    expect((await call("explain", "user.tags")).output).toContain(
      "  note  The collection dialect has no place for it.\n",
    );
  });

  test("takes kinds in the singular and the plural, and what a section has of its own", async () => {
    const [one, many] = [await call("explain", "group"), await call("explain", "groups")];
    expect(many.output).toBe(one.output.replace(/^group/, "groups"));
    expect(one.output).toContain("\n  groups:\n    ID:\n      name: Lobby\n");
    expect((await call("explain", "users.$from")).output).toContain("Tables that more entries");
  });

  test.each([
    ["generate.kind", "roles | users | groups | webhooks"],
    ["generate.id", "The ids, with {n} in them"],
    ["generate.count", "required  yes"],
    ["variables.type", "string | number | boolean"],
    ["variables.sensitive", "its value is a secret"],
    ["defaults.users.role", "Id of the user's role."],
    ["defaults.groups.members.mode", "additive | authoritative"],
    ["environments.defaults.users.role", "Id of the user's role."],
    ["environments.users.role", "Id of the user's role."],
  ])("knows %s, which stands within a list, a map or another schema", async (name, text) => {
    const { exit, output, notes } = await call("explain", name);
    expect({ exit, notes }).toEqual({ exit: 0, notes: "" });
    expect(output).toContain(text);
  });

  test("needs nothing of an entry where only its defaults stand", async () => {
    expect((await call("explain", "defaults.groups.type")).output).not.toContain("required");
  });

  test.each([
    ["generate", ["kind", "count", "from", "id"]],
    ["variables", ["type", "default", "description", "sensitive", "enum"]],
    ["environments", ["stack", "defaults"]],
    ["defaults.users", ["name", "role"]],
  ])("lists the attributes of what stands in %s", async (name, attributes) => {
    const { output } = await call("explain", name);
    for (const one of attributes) expect(output).toMatch(new RegExp(`^ +${one} `, "m"));
  });

  test("lists nothing as known where nothing is", async () => {
    const { notes } = await call("explain", "user.name.x");
    expect(notes).not.toContain("Known here");
  });

  test.each([
    ["usr", "Did you mean user?"],
    ["user.nmae", "Did you mean name? Known here: name, role,"],
    ["membership", "cometform explain group.members"],
    ["user.name.x", "There is nothing called user.name.x in a manifest"],
    ["constructor", "There is nothing called constructor"],
  ])("does not know %s, and says what there is", async (name, hint) => {
    const { exit, notes } = await call("explain", name);
    expect(exit).toBe(64);
    expect(notes.replaceAll(/\n\s+/g, " ")).toContain(hint);
  });

  test("every attribute there is can be explained within 80 columns", async () => {
    const walk = (schema: JsonObject, path: readonly string[]): readonly string[] => {
      const names = isJsonObject(schema["properties"])
        ? Object.entries<Json>(schema["properties"])
        : [];
      return names.flatMap(([name, inner]) => [
        [...path, name].join("."),
        ...(isJsonObject(inner) ? walk(inner, [...path, name]) : []),
      ]);
    };
    const kinds = isJsonObject(cometchat.schema["$defs"]) ? cometchat.schema["$defs"] : {};
    const names = [
      ...walk({ properties: manifestSchema.properties as unknown as JsonObject }, []),
      ...Object.entries<Json>(kinds).flatMap(([kind, schema]) =>
        isJsonObject(schema) && kind !== "limit" ? walk(schema, [kind]) : [],
      ),
    ];
    expect(names.length).toBeGreaterThan(60);
    for (const name of names) {
      const { exit, output } = await call("explain", name);
      expect([name, exit]).toEqual([name, 0]);
      const prose = output.split("\n\n  ")[0] ?? "";
      expect(Math.max(...prose.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
      expect(output).not.toContain("undefined");
    }
  });

  test("--json has the same as one document", async () => {
    expect(
      JSON.parse((await call("explain", "--json", "group.members.mode")).output),
    ).toMatchObject({
      formatVersion: 1,
      name: "group.members.mode",
      type: "additive | authoritative",
      attributes: [],
    });
  });
});

describe("explain of a code", () => {
  test("tells what happened, why, what to do, and shows a manifest of each sort", async () => {
    const { exit, output } = await call("explain", "manifest/bad-id");
    expect(exit).toBe(0);
    expect(output.split("\n")[0]).toBe("manifest/bad-id");
    const titles = output.split("\n").filter((line) => /^ {2}\S/.test(line));
    expect(titles.map((line) => line.trim())).toEqual([
      ...["What happened", "Why", "What to do", "Like this", "Better"],
    ]);
    const json = JSON.parse((await call("explain", "--json", "manifest/bad-id")).output);
    expect(json).toEqual({
      ...{ formatVersion: 1, code: "manifest/bad-id" },
      ...{ what: expect.any(String), why: expect.any(String), remedy: expect.any(String) },
      ...{ wrong: expect.any(String), right: expect.any(String) },
    });
  });

  test("has each code there is, within 80 columns but for the manifests", async () => {
    for (const code of DIAGNOSTIC_CODES) {
      const page = await findErrorPage(code);
      expect([code, page?.what, page?.why, page?.remedy]).not.toContain("");
      if (page === undefined) throw new Error(`${code} is not explained`);
      const { wrong: _, right: __, ...prose } = page;
      const text = renderErrorPage(prose, { paint: plainPaint, width: 80 });
      expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
      expect(text).not.toMatch(/undefined|\]\(/);
    }
  });

  test("does not know another one, and names what is near", async () => {
    const { exit, notes } = await call("explain", "manifest/bad-ids");
    expect(exit).toBe(64);
    expect(notes).toContain("Did you mean manifest/bad-id?");
  });

  test("says so where the page is missing", async () => {
    const gone = new URL("file:///nowhere/errors.md");
    await expect(findErrorPage("manifest/bad-id", gone)).rejects.toMatchObject({
      exit: 1,
      diagnostics: [{ code: "file/not-found", summary: expect.stringContaining("errors.md") }],
    });
  });

  test("is named below what is wrong, once, and not where quiet is asked for", async () => {
    const notesFor = async (text: string, ...flags: readonly string[]) => {
      const terminal = openFakeTerminal({ input: text });
      await run(["validate", "-", ...flags], terminal, "1.2.3");
      return terminal.notes();
    };
    const one = "version: 1\nusers: { ann: { nam: A } }\n";
    expect(await notesFor(one)).toMatch(
      /\n\nMore about it: cometform explain manifest\/unknown-attribute\n$/,
    );
    expect(await notesFor(one, "--quiet")).not.toContain("cometform explain");
    const two = "version: 2\nusers: { ann: { nam: A } }\n";
    expect(await notesFor(two)).toMatch(/\n\nMore about each: cometform explain CODE\n$/);
  });
});

describe("schema", () => {
  const ajv = new Ajv({ strict: false, formats: { uri: true } });

  test.each(["manifest", "plan", "events", "receipt", "faults"])(
    "%s needs no other file",
    async (name) => {
      const { exit, output } = await call("schema", name);
      expect(exit).toBe(0);
      expect(() => ajv.compile(JSON.parse(output))).not.toThrow();
    },
  );

  test("is that of manifests where nothing is named, and refuses a name that there is none for", async () => {
    expect(JSON.parse((await call("schema")).output)).toEqual(bundleManifest(cometchat.schema));
    const { exit, notes } = await call("schema", "plam");
    expect(exit).toBe(64);
    expect(notes).toContain("Did you mean plan?");
  });

  test("takes and refuses the shapes that validate takes and refuses", async () => {
    const isValid = new Ajv({ strict: false, formats: { uri: true } }).compile(
      JSON.parse((await call("schema")).output),
    );
    for (const good of [everything("vendor"), parse(starterManifest("acme"))]) {
      expect([isValid(good), isValid.errors]).toEqual([true, null]);
    }
    for (const bad of [
      "users: {}",
      "version: 2",
      "version: 1\nuser: {}",
      "version: 1\nusers: { ann: { nmae: A } }",
      "version: 1\nusers: { ann: { name: 5 } }",
      "version: 1\nusers: { 'a b': {} }",
      "version: 1\ngroups: { g: { type: open } }",
      "version: 1\npolicy: { members: all }",
      "version: 1\nwebhooks: { w: { basicAuth: { username: x } } }",
    ]) {
      expect([bad, isValid(parse(bad))]).toEqual([bad, false]);
      expect(problemsOf(bad)).not.toEqual([]);
    }
  });
});

import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { beforeEach, describe, expect, test, vi } from "vitest";
import schema from "../../../schemas/receipt.schema.json" with { type: "json" };
import { run } from "../../../src/cli/program.ts";
import type { Drift } from "../../../src/model/drift.ts";
import { openFakeTerminal } from "../../support/terminal.ts";
import { useWorkshop } from "../../support/workshop.ts";

const manifest = [
  "version: 1",
  "stack: acme",
  "roles: { lead: { name: Lead } }",
  "users:",
  "  ann: { name: Ann, link: 'https://example.com/ann' }",
  "  bob: { name: Bob, metadata: { seat: 1, floor: 2 } }",
  "groups:",
  "  desk:",
  "    name: Desk",
  "    type: private",
  "    owner: ann",
  "    members: { mode: authoritative, participants: [bob] }",
  "",
].join("\n");

// The first command of a file loads all of them, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const workshop = useWorkshop({ "cometform.yaml": manifest });
const path = (name: string) => join(workshop.folder, name);
const read = (name: string) => readFileSync(path(name), "utf8");
const put = (name: string, text: string) => writeFileSync(path(name), text);

async function call(line: string) {
  const terminal = openFakeTerminal({
    cwd: workshop.folder,
    width: 100,
    environment: { HOME: workshop.folder },
  });
  const exit = await run(line.split(" "), terminal, "1.2.3");
  return { exit, output: terminal.output(), notes: terminal.notes() };
}

/** Changes the manifest. */
const edit = (from: string | RegExp, to: string) =>
  put("cometform.yaml", read("cometform.yaml").replace(from, to));

/** Changes the app behind our back: applies an edited manifest, and keeps neither it nor its journal. */
async function rival(...edits: readonly (readonly [from: string | RegExp, to: string])[]) {
  const kept = read("cometform.yaml");
  const known = journals();
  for (const [from, to] of edits) edit(from, to);
  expect((await call("apply --emulator --yes --quiet --allow delete:user=9")).exit).toBe(0);
  put("cometform.yaml", kept);
  for (const name of journals()) if (!known.includes(name)) rmSync(journal(name));
}

const journal = (name: string) => join(path(".cometform/journal"), name);
const journals = () =>
  existsSync(path(".cometform/journal")) ? readdirSync(path(".cometform/journal")) : [];

/** The exit code, and what differs by its cause. */
async function drift(flags = "") {
  const { exit, output } = await call(`drift --emulator --json${flags}`);
  const { changes }: Drift = JSON.parse(output);
  const told = changes.map(({ cause, action, address, attributes }) => {
    const paths = action === "update" ? [attributes.map((one) => one.path).join(",")] : [];
    return [cause, action, address, ...paths].join(" ");
  });
  return [exit, ...told];
}

beforeEach(async () => {
  expect((await call("apply --emulator --yes --receipt receipt.json")).exit).toBe(0);
  // Names tell the order of runs by the second, and the next one may be in the same.
  for (const name of journals())
    renameSync(journal(name), journal("20260101T000000Z-abcdef.ndjson"));
});

describe("after an apply", () => {
  test("there is no drift, and nothing is said where nothing is asked", async () => {
    expect(await call("drift --emulator")).toMatchObject({
      exit: 0,
      output: "No drift: acme · app emulator (us), 6 objects as declared.\n",
      notes: "",
    });
    expect(await call("drift --emulator --quiet")).toMatchObject({
      exit: 0,
      output: "",
      notes: "",
    });
  });

  test("what somebody changes is drift: attributes, deletions, members, marks", async () => {
    await rival(
      ["name: Ann,", "name: Anna,"],
      [/ {2}bob: .*/, "  zoe: { name: Zoe }"],
      ["participants: [bob]", "participants: [zoe]"],
    );
    expect(await drift()).toEqual([
      2,
      "drift update user/ann name",
      "drift reactivate user/bob",
      "drift create membership/desk:bob",
      "drift delete membership/desk:zoe",
      "drift delete user/zoe",
    ]);
  });

  test("the verdict is the first line, and says since when", async () => {
    await rival(["name: Ann,", "name: Anna,"]);
    const { exit, output } = await call("drift --emulator");
    expect(exit).toBe(2);
    expect(output.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, "TIME").replace(/\d+T\d+Z-\w+/, "RUN")).toBe(
      [
        "Drift: 1 change in acme · app emulator (us) since the apply of TIME UTC.",
        "",
        "Changed in the app since; apply would put it back:",
        `  ~ user/ann${"cometform.yaml:5".padStart(88)}`,
        '      name          "Anna" → "Ann"',
        "",
        "The last run is known by .cometform/journal/RUN.ndjson.",
        "",
      ].join("\n"),
    );
    const quiet = await call("drift --emulator --quiet");
    expect(quiet.output.split("\n")).toHaveLength(2);
  });

  test("what is edited in the manifest is pending: attributes, new and old entries, members", async () => {
    edit("name: Ann,", "name: Anna, role: lead,");
    edit("participants: [bob]", "participants: []");
    edit("users:", "users:\n  zoe: { name: Zoe }");
    expect(await drift()).toEqual([
      0,
      "pending update user/ann name,role",
      "pending create user/zoe",
      "pending delete membership/desk:bob",
    ]);
    const { output } = await call("drift --emulator");
    expect(output.split("\n")[0]).toMatch(/^No drift: .*; 3 pending from the manifest\.$/);
  });

  test("both are told apart, by resource and by attribute", async () => {
    await rival(["name: Ann,", "name: Anna,"], ["seat: 1, floor: 2", "seat: 9, floor: 2"]);
    edit("link: 'https://example.com/ann'", "link: 'https://example.com/anna'");
    edit("seat: 1, floor: 2", "seat: 1, floor: 3, hue: red");
    edit("roles: { lead", "roles: { deputy: { name: Deputy }, lead");
    expect(await drift()).toEqual([
      2,
      "pending create role/deputy",
      "drift update user/ann name",
      "pending update user/ann link",
      "drift update user/bob metadata.seat",
      "pending update user/bob metadata.floor,metadata.hue",
    ]);
  });

  test("what both sides changed is drift, also where the manifest had followed the app before", async () => {
    await rival(["name: Ann,", "name: Anna,"]);
    edit("name: Ann,", "name: Anne,");
    expect(await drift()).toEqual([2, "drift update user/ann name"]);
    const { output } = await call("drift --emulator");
    expect(output.replaceAll(/\s+/g, " ")).toContain(
      '"Anna" → "Anne" (the manifest has changed, too: apply would not put it back)',
    );
    const json: Drift = JSON.parse((await call("drift --emulator --json")).output);
    expect(json.changes).toMatchObject([{ cause: "drift", manifestChanged: ["name"] }]);
    edit("name: Anne,", "name: Anna,");
    expect(await drift()).toEqual([0]);
    expect((await call("apply --emulator --yes")).output).toContain("objects match");
    await rival(["name: Anna,", "name: Annabel,"]);
    expect(await drift()).toEqual([2, "drift update user/ann name"]);
  });

  test("it is the app's doing that something is there which a new policy would delete: untold", async () => {
    await rival(["users:", "users:\n  zoe: { name: Zoe }"]);
    edit("stack: acme", "stack: acme\npolicy: { delete: { users: permanent } }");
    expect(await drift()).toEqual([2, "untold delete user/zoe"]);
  });
});

test("a receipt holds fingerprints in the form of its schema, and no value of the manifest", () => {
  const receipt = JSON.parse(read("receipt.json"));
  const validate = new Ajv({ allowUnionTypes: true }).compile(schema);
  expect(validate(receipt) || validate.errors).toBe(true);
  expect(receipt.declared).toMatchObject({ whole: true, frame: expect.stringMatching(/^\w{16}$/) });
  expect(Object.keys(receipt.declared.resources["user/bob"])).toEqual([
    ...["name", "metadata.seat", "metadata.floor"],
  ]);
  const values = Object.values(receipt.declared.resources).flatMap((one) =>
    Object.values(one ?? {}),
  );
  expect(values.filter((value) => !/^[0-9a-f]{8}$/.test(String(value)))).toEqual([]);
});

describe("what is known of the last run", () => {
  test("comes from a receipt elsewhere", async () => {
    await rival(["name: Ann,", "name: Anna,"]);
    rmSync(path(".cometform/journal"), { recursive: true });
    edit("lead: { name: Lead }", "lead: { name: Leader }");
    expect(await drift()).toEqual([
      2,
      "untold update role/lead name",
      "untold update user/ann name",
    ]);
    const { output } = await call("drift --emulator");
    expect(output.split("\n")[0]).toMatch(/^Perhaps drift: 2 changes in .*no run is known here/);
    expect(await drift(" --receipt receipt.json")).toEqual([
      2,
      "pending update role/lead name",
      "drift update user/ann name",
    ]);
  });

  test("is enough by the digest alone, for a receipt without fingerprints", async () => {
    await rival(["name: Ann,", "name: Anna,"]);
    const { declared, checksum, ...old } = JSON.parse(read("receipt.json"));
    expect([typeof declared, typeof checksum]).toEqual(["object", "string"]);
    put("old.json", JSON.stringify(old));
    expect(await drift(" --receipt old.json")).toEqual([2, "drift update user/ann name"]);
    edit("lead: { name: Lead }", "lead: { name: Leader }");
    expect(await drift(" --receipt old.json")).toEqual([
      2,
      "untold update role/lead name",
      "untold update user/ann name",
    ]);
  });

  test("is refused where it is another's, edited, or no receipt", async () => {
    const receipt = read("receipt.json");
    const given = (text: string) => {
      put("other.json", text);
      return call("drift --emulator --receipt other.json");
    };
    const edited = await given(receipt.replace('"converged": true', '"converged": false'));
    expect([edited.exit, edited.notes]).toEqual([
      7,
      expect.stringContaining("drift/edited-receipt"),
    ]);
    const { checksum: _, ...body } = JSON.parse(receipt);
    const other = await given(JSON.stringify({ ...body, stack: null }));
    expect([other.exit, other.notes]).toEqual([7, expect.stringContaining("drift/other-receipt")]);
    const none = await given("version: 1\n");
    expect([none.exit, none.notes]).toEqual([64, expect.stringContaining("drift/no-receipt")]);
  });

  test("is kept by a saved plan as well", async () => {
    edit("name: Ann,", "name: Anna,");
    await call("plan --emulator --quiet --out plan.json");
    expect((await call("apply --emulator --yes --quiet plan.json")).exit).toBe(0);
    await rival(["name: Anna,", "name: Ann,"]);
    edit("lead: { name: Lead }", "lead: { name: Leader }");
    expect(await drift()).toEqual([
      2,
      "pending update role/lead name",
      "drift update user/ann name",
    ]);
  });

  test("of a run of a part changes that part of what is known, and no more", async () => {
    edit("name: Ann,", "name: Anna,");
    edit("lead: { name: Lead }", "lead: { name: Leader }");
    const part = "apply --emulator --yes --quiet --only user/ann --receipt part.json";
    expect((await call(part)).exit).toBe(0);
    await rival(["name: Anna,", "name: Ann,"], ["name: Leader", "name: Lead"]);
    expect(await drift()).toEqual([
      2,
      "pending update role/lead name",
      "drift update user/ann name",
    ]);
    expect(await drift(" --receipt part.json")).toEqual([
      2,
      "untold update role/lead name",
      "drift update user/ann name",
    ]);
  });

  test("of a destroy is that nothing is asked for", async () => {
    expect((await call("destroy --emulator --yes --quiet")).exit).toBe(0);
    const [exit, ...told] = await drift();
    expect(exit).toBe(0);
    expect(told.length).toBeGreaterThan(3);
    expect(told.filter((line) => !String(line).startsWith("pending "))).toEqual([]);
  });
});

test("what the last run did not bring about is left over, not drift", async () => {
  edit("name: Ann,", "name: Anna,");
  edit("name: Bob,", "name: Bobby,");
  put(
    "faults.json",
    JSON.stringify({
      rules: [{ method: "PUT", path: "/users/ann", fault: "status", status: 400 }],
    }),
  );
  const applied = await call("apply --emulator --yes --quiet --faults faults.json");
  expect([applied.exit, applied.notes]).toEqual([5, expect.any(String)]);
  expect(await drift()).toEqual([0, "unfinished update user/ann name"]);
});

test("an app that cannot be read is neither here nor there", async () => {
  put(
    "faults.json",
    JSON.stringify({ rules: [{ method: "GET", path: "/users", fault: "status", status: 401 }] }),
  );
  const { exit, output } = await call("drift --emulator --faults faults.json");
  expect([exit, output]).toEqual([6, ""]);
});

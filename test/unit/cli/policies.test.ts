import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { run } from "../../../src/cli/program.ts";
import { openFakeTerminal } from "../../support/terminal.ts";
import { useWorkshop } from "../../support/workshop.ts";

const manifest = [
  "version: 1",
  "stack: acme",
  "users: { ann: { name: Ann }, bob: { name: Bob } }",
  "groups:",
  "  ops-desk: { name: Desk, type: private, owner: ann }",
  "  vault-key: { name: Key, type: password, password: '${SECRET}', owner: ann }",
  "webhooks:",
  "  audit: { url: 'https://hooks.example.com/audit', triggers: [message_sent] }",
  "",
].join("\n");

// The first command of a file loads all of them, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const workshop = useWorkshop({ "cometform.yaml": manifest });
const put = (name: string, text: string) => writeFileSync(join(workshop.folder, name), text);
const read = (name: string) => readFileSync(join(workshop.folder, name), "utf8");
const example = (name: string) =>
  put(name, readFileSync(join(import.meta.dirname, "../../../examples/policies", name), "utf8"));

async function call(...args: readonly string[]) {
  const { folder } = workshop;
  const terminal = openFakeTerminal({
    cwd: folder,
    environment: { HOME: folder, SECRET: "sesame-4711" },
  });
  const exit = await run(
    args.flatMap((text) => text.split(" ")),
    terminal,
    "1.2.3",
  );
  const text = (terminal.output() + terminal.notes()).replaceAll(/\s+/g, " ");
  return { exit, output: terminal.output(), notes: terminal.notes(), text };
}

const change = (from: string | RegExp, to: string) =>
  put("cometform.yaml", read("cometform.yaml").replace(from, to));
const noBob =
  "properties:\n changes:\n  items:\n   message: Bob stays out\n   properties: { address: { not: { const: user/bob } } }\n";

describe("a plan that a policy forbids", () => {
  test("is shown in full and refused, with the policy's words, the resource and its place", async () => {
    put("rules.yaml", noBob);
    const refused = await call("plan --emulator --policy rules.yaml --out plan.json");
    expect(refused.exit).toBe(4);
    expect(refused.output).toContain("+ user/bob");
    expect(refused.text).toContain(
      "REFUSED policy/violation: user/bob: Bob stays out By rules.yaml: changes/1/address of the plan must NOT be valid. cometform.yaml:3.",
    );
    expect(refused.notes).toContain("Not saved to plan.json");
    const json = JSON.parse((await call("plan --emulator --json --policy rules.yaml")).output);
    expect(json).toMatchObject({
      applicable: false,
      diagnostics: [
        { severity: "error", code: "policy/violation", address: "user/bob", range: { line: 3 } },
      ],
    });
  });

  test("sends nothing, by apply, by destroy and by a saved plan, with another policy or an edit", async () => {
    put("rules.yaml", noBob);
    expect(await call("apply --emulator --yes --policy rules.yaml")).toMatchObject({ exit: 4 });
    put("refused.json", (await call("plan --emulator --json --policy rules.yaml")).output);
    expect(await call("apply --emulator --yes refused.json")).toMatchObject({ exit: 4 });
    put("refused.json", read("refused.json").replace('"applicable": false', '"applicable": true'));
    expect((await call("apply --emulator --yes refused.json")).exit).toBe(7);
    expect(await call("plan --emulator --out plan.json --quiet")).toMatchObject({ exit: 0 });
    const late = await call("apply --emulator --yes --policy rules.yaml plan.json");
    expect(late).toMatchObject({ exit: 4 });
    expect(late.text).toContain("Bob stays out");
    expect((await call("plan --emulator")).output).toContain("Plan: 5 to create");
    expect(
      (await call("apply --emulator --yes --policy rules.yaml", "--except user/bob")).exit,
    ).toBe(0);
    put("none.yaml", "properties: { summary: { properties: { delete: { maximum: 0 } } } }");
    expect((await call("destroy --emulator --yes --policy none.yaml")).exit).toBe(4);
    expect((await call("plan --emulator --except user/bob")).output).toContain("objects match");
  });

  test("keeps the digest that was reviewed, and its policies are named in the next command", async () => {
    put("rules.yaml", "properties: { calls: { properties: { total: { maximum: 99 } } } }");
    const passed = await call("plan --emulator --policy rules.yaml");
    expect(passed.output).toContain("Apply with: cometform apply --emulator --policy rules.yaml\n");
    const [, digest = ""] =
      /digest ([0-9a-f]{64})/.exec((await call("plan --emulator")).output) ?? [];
    expect(passed.output).toContain(digest);
    put("tight.yaml", "properties: { calls: { properties: { total: { maximum: 1 } } } }");
    const refused = await call(
      `apply --emulator --yes --policy tight.yaml --expect-digest ${digest}`,
    );
    expect(refused.exit).toBe(4);
  });
});

describe("a manifest that a policy forbids", () => {
  const allOwned =
    "manifest: { properties: { groups: { additionalProperties: { required: [tags], message: groups have tags } } } }";

  test("is refused by validate and plan, at its place", async () => {
    put("rules.yaml", allOwned);
    const checked = await call("validate --policy rules.yaml");
    expect(checked).toMatchObject({ exit: 4, output: "" });
    expect(checked.notes).toContain("cometform.yaml:5:3  group/ops-desk: groups have tags");
    const json = await call("validate --json --policy rules.yaml");
    expect(JSON.parse(json.output)).toMatchObject({
      valid: false,
      diagnostics: [{ address: "group/ops-desk" }, { address: "group/vault-key" }],
    });
    expect((await call("plan --emulator --policy rules.yaml")).exit).toBe(4);
    change("type: private,", "type: private, tags: [a],");
    change("type: password,", "type: password, tags: [a],");
    expect((await call("validate --policy rules.yaml")).exit).toBe(0);
  });

  test("is read again for a saved plan, which is not applied without it", async () => {
    put("rules.yaml", allOwned);
    await call("plan --emulator --quiet --out plan.json");
    expect((await call("apply --emulator --yes --policy rules.yaml plan.json")).exit).toBe(4);
    put("moved.yaml", read("cometform.yaml"));
    put("cometform.yaml", "version: 1\n");
    expect((await call("apply --emulator --yes --policy rules.yaml plan.json")).exit).toBe(7);
  });

  test("is judged with references in the place of write-only values", async () => {
    put(
      "rules.yaml",
      "manifest: { properties: { groups: { properties: { vault-key: { properties: { password: { type: string, message: readable } } } } } } }",
    );
    const refused = await call("validate --policy rules.yaml");
    expect(refused.text).toContain("groups/vault-key/password of the manifest must be string");
    expect(refused.text).not.toContain("sesame");
  });
});

test("a policy that could not judge ends every command before the app is asked", async () => {
  put("rules.yaml", "propertees: {}");
  for (const command of ["validate", "plan", "apply --yes", "destroy --yes"]) {
    const target = command === "validate" ? "" : " --app-id none --region us";
    const { exit, notes } = await call(`${command}${target} --policy rules.yaml`);
    expect([command, exit]).toEqual([command, 64]);
    expect(notes).toContain("policy/file");
  }
  expect((await call("plan --emulator --policy gone.yaml")).exit).toBe(64);
  expect((await call("apply --emulator --yes --resume --policy rules.yaml")).exit).toBe(64);
});

test.each([
  ["properties: { chnages: { maxItems: 1 } }", '"chnages", which no plan has'],
  ["properties: { changes: { items: { not: { required: [knd] } } } }", '"knd", which no plan has'],
  [
    "plan: { if: { properties: { calls: { $ref: '#/$defs/c' } } }, then: { required: [stack] }, $defs: { c: { required: [sum] } } }",
    '"sum"',
  ],
  [
    "manifest: { properties: { webhook: { maxProperties: 1 } } }",
    '"webhook", which no manifest has',
  ],
  [
    "manifest: { properties: { groups: { additionalProperties: { required: [ower] } } } }",
    '"ower"',
  ],
  ["manifest: { properties: { policy: { properties: { prunes: {} } } } }", '"prunes"'],
])("a policy that asks about a name that is nowhere is refused: %s", async (text, said) => {
  put("rules.yaml", text);
  const refused = await call("validate --policy rules.yaml");
  expect([refused.exit, refused.text]).toEqual([64, expect.stringContaining(said)]);
});

const manifestOf = (section: string, rule: string) =>
  `manifest: { properties: { ${section}: ${rule} } }`;

test.each([
  [
    "plan: { properties: { changes: { properties: { kind: { const: role } } } } }",
    '"properties" where every plan has a list: it would ask about nothing',
  ],
  ["properties: { changes: { items: { items: { type: string } } } }", 'has "items" where every'],
  ["properties: { calls: { properties: { total: { pattern: '^1$' } } } }", "has a number"],
  ["properties: { stack: { propertyNames: { const: a } } }", '"propertyNames" where every plan'],
  ["properties: { stepss: true }", '"stepss"'],
  ["patternProperties: { '^chnag': { maxItems: 1 } }", '"^chnag", which no plan has'],
  ["patternProperties: { '^changes$': { required: [kind] } }", "has a list"],
  [manifestOf("users", "{ items: { required: [role] } }"), "has a map"],
  [manifestOf("users", "{ contains: { required: [role] } }"), '"additionalProperties"'],
  [manifestOf("variables", "false"), '"variables", which no manifest has'],
  [manifestOf("environments", "false"), '"environments", which no manifest has'],
  [manifestOf("users", "{ properties: { $from: false } }"), '"$from", which no manifest has'],
  [
    manifestOf(
      "groups",
      "{ additionalProperties: { properties: { password: { minLength: 9 } } } }",
    ),
    '"minLength" where every manifest has a map',
  ],
  [
    "plan: { properties: { calls: { $ref: '#/$defs/c' }, changes: { $ref: '#/$defs/c' } }, $defs: { c: { required: [total] } } }",
    "has a list",
  ],
])("a policy that would ask about nothing is refused: %s", async (text, said) => {
  put("rules.yaml", text);
  const refused = await call("validate --policy rules.yaml");
  expect([refused.exit, refused.text]).toEqual([64, expect.stringContaining(said)]);
});

test("a policy that would ask about nothing is told with the line it stands on", async () => {
  put("rules.yaml", "plan:\n  properties:\n    changes:\n      required: [kind]\n");
  expect((await call("validate --policy rules.yaml")).notes).toContain("rules.yaml:4:7");
});

test("a policy may ask whatever there is, by any keyword that fits", async () => {
  put(
    "rules.yaml",
    [
      "plan:",
      "  properties:",
      "    stack: { minLength: 1, type: string }",
      "    scope: { properties: { only: { maxItems: 9 } } }",
      "    changes: { items: { properties: { attributes: { items: { properties: { after: { minLength: 0, minItems: 0, required: [] } } } } } } }",
      "manifest:",
      "  patternProperties: { '^users$': { additionalProperties: { properties: { metadata: { properties: { a: { items: { minimum: 1 } } } } } } } }",
      "  properties:",
      "    groups: { additionalProperties: { properties: { password: { required: [$secret] }, members: { properties: { admins: { minItems: 0 } } } } } }",
      "",
    ].join("\n"),
  );
  expect(await call("validate --policy rules.yaml")).toMatchObject({ exit: 0 });
});

test("validate says of a policy about plans alone that nothing of it was judged", async () => {
  put("rules.yaml", noBob);
  const { exit, notes } = await call("validate --policy rules.yaml");
  expect(exit).toBe(0);
  expect(notes).toContain("rules.yaml is about plans alone");
  expect((await call("validate --quiet --policy rules.yaml")).notes).toBe("");
});

test("the policy that the documentation shows is one", async () => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/policies.md"), "utf8");
  const [, shown = ""] = /^## What a policy is$[\s\S]*?^```yaml\n([\s\S]*?)^```$/m.exec(page) ?? [];
  put("rules.yaml", shown);
  expect((await call("validate --policy rules.yaml")).exit).toBe(0);
  change("private, owner: ann", "private");
  const { exit, text } = await call("validate --policy rules.yaml");
  expect([exit, text]).toEqual([4, expect.stringContaining("every group has an owner")]);
});

test("a policy may ask about what people choose the names of", async () => {
  put(
    "rules.yaml",
    "manifest: { properties: { users: { properties: { ann: { properties: { metadata: { properties: { seat: { const: 4 } } } } } } } } }",
  );
  expect((await call("validate --policy rules.yaml")).exit).toBe(0);
});

describe("the example policies", () => {
  const passes = async (name: string) => {
    example(name);
    expect((await call(`plan --emulator --policy ${name}`)).text).not.toContain("REFUSED");
  };
  const refuses = async (name: string, ...said: readonly string[]) => {
    const { exit, text } = await call(`plan --emulator --policy ${name}`);
    expect(exit).toBe(4);
    for (const words of said) expect(text).toContain(words);
  };

  test("keep-users.yaml lets users be deactivated and refuses to delete them, or much at once", async () => {
    const many = Array.from({ length: 21 }, (_, i) => `r${i}: { name: R }`).join(", ");
    put(
      "cometform.yaml",
      `version: 1\nstack: acme\nroles: { ${many} }\nusers: { ann: { name: A }, bob: { name: B } }\n`,
    );
    expect((await call("apply --emulator --yes")).exit).toBe(0);
    change(/, bob: .*/, " }");
    await passes("keep-users.yaml");
    change("stack: acme", "stack: acme\npolicy: { delete: { users: permanent } }");
    await refuses(
      "keep-users.yaml",
      "user/bob: users are deactivated here, never deleted for good",
    );
    change(/roles: .*/, "roles: {}");
    await refuses("keep-users.yaml", "more than 20 deletions in one plan");
  });

  test("webhooks.yaml takes our hosts over https and refuses others, and hooks that are off", async () => {
    await passes("webhooks.yaml");
    change("https://hooks.example.com/audit", "https://hooks.example.com.evil.test/");
    await refuses("webhooks.yaml", "webhook/audit: a webhook goes to https://….example.com");
    change("https://hooks.example.com.evil.test/', ", "https://a.example.com', enabled: false, ");
    await refuses("webhooks.yaml", "webhook/audit: a webhook of production is enabled");
  });

  test("groups.yaml takes names that can be told apart and refuses groups open to all", async () => {
    await passes("groups.yaml");
    change("type: private, owner: ann", "type: public");
    change("vault-key:", "vault:");
    await refuses(
      "groups.yaml",
      "group/ops-desk: groups are private or have a password",
      "group/ops-desk: every group has an owner who answers for it",
      'group/vault: a group is called TEAM-SUBJECT, like "ops-incidents"',
    );
  });
});

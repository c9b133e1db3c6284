import { describe, expect, test } from "vitest";
import type { Context } from "../../../src/cli/command.ts";
import { Failure } from "../../../src/cli/exit.ts";
import type { Flags } from "../../../src/cli/flags.ts";
import { toRequest } from "../../../src/cli/request.ts";
import type { PlanRequest } from "../../../src/model/request.ts";
import { cometchat } from "../../../src/providers/cometchat/index.ts";
import { plainPaint } from "../../../src/render/paint.ts";
import { load } from "../../support/manifest.ts";
import { openFakeTerminal } from "../../support/terminal.ts";

const kinds = cometchat.kinds("vendor");
const content = {
  version: 1,
  stack: "acme",
  users: { alice: { name: "Alice" }, Bob: { name: "Bob" } },
  groups: { vault: { name: "Vault", type: "password", password: "${PASSWORD}" } },
  webhooks: { audit: { url: "https://a.example" } },
};

function read(flags: Flags, manifest: object = content): PlanRequest {
  const context: Context = {
    command: "plan",
    flags,
    operands: [],
    terminal: openFakeTerminal(),
    version: "1.2.3",
    paint: plainPaint,
    notePaint: plainPaint,
  };
  return toRequest(context, { ...load(manifest, { PASSWORD: "s3cret" }), kinds });
}

/** What is said about flags that cannot be understood: exit code, code and text of each. */
function refusal(flags: Flags, manifest?: object): readonly string[] {
  try {
    read(flags, manifest);
  } catch (error) {
    if (error instanceof Failure && error.exit === 64) {
      return error.diagnostics.map(({ code, summary, hint }) => `${code}: ${summary} | ${hint}`);
    }
    throw error;
  }
  throw new Error("the flags were understood");
}

test("without flags nothing is asked beyond what the manifest says", () => {
  expect(read({})).toEqual({
    prune: {},
    allow: [],
    takeOver: new Set(),
    only: [],
    except: [],
    writeSecrets: new Set(),
    bulk: "auto",
  });
});

test("kinds are understood in the singular and the plural, keys as the service keeps them", () => {
  const request = read({
    prune: ["user=all", "groups=none"],
    allow: ["delete:users=120", "update:memberships=50", "remove:groups/Lobby=12"],
    takeOver: ["users/BOB"],
    only: ["user/Alice", "groups"],
    except: ["*/team-*"],
    writeSecret: ["group/vault#password"],
    bulk: "off",
  });
  expect(request).toEqual({
    prune: { users: "all", groups: "none" },
    allow: [
      { action: "delete", subject: "user", count: 120 },
      { action: "update", subject: "membership", count: 50 },
      { action: "remove", subject: "group/lobby", count: 12 },
    ],
    takeOver: new Set(["user/bob"]),
    only: [
      { text: "user/Alice", kinds: new Map([["user", "alice"]]) },
      { text: "groups", kinds: new Map([["group", "*"]]) },
    ],
    except: [{ text: "*/team-*", kinds: new Map(kinds.map(({ name }) => [name, "team-*"])) }],
    writeSecrets: new Set(["group/vault#password"]),
    bulk: "off",
  });
});

test("saying the same thing twice is saying it once", () => {
  const request = read({
    prune: ["users=all", "user=all", "users=all"],
    allow: ["delete:user=2", "delete:users=2"],
    only: ["users", "users"],
  });
  expect(request).toMatchObject({
    prune: { users: "all" },
    allow: [{ action: "delete", subject: "user", count: 2 }],
    only: [{ text: "users" }],
  });
});

test("a selector that matches nothing declared may match something live", () => {
  expect(read({ only: ["user/nobody"] }).only).toHaveLength(1);
});

test("a budget of none is a number, too", () => {
  expect(read({ allow: ["delete:role=0"] }).allow).toEqual([
    { action: "delete", subject: "role", count: 0 },
  ]);
});

test("all that is wrong is told at once", () => {
  const codes = refusal({
    prune: ["users"],
    allow: ["delete"],
    takeOver: ["bob"],
    only: ["usr/x"],
    except: ["nothing"],
    writeSecret: ["group/vault#x"],
  }).map((text) => text.slice(0, text.indexOf(":")));
  expect(codes).toEqual([
    "cli/prune",
    "cli/allow",
    "cli/take-over",
    "cli/only",
    "cli/except",
    "cli/write-secret",
  ]);
});

describe("--prune", () => {
  test.each([
    [
      "users",
      "cli/prune: --prune users is not of the form SECTION=MODE | For example --prune users=none. The modes are none, owned and all.",
    ],
    [
      "usrs=all",
      'cli/prune: --prune usrs=all names no section: there is no "usrs" | Did you mean users? The sections are roles, users, groups and webhooks.',
    ],
    [
      "users=al",
      'cli/prune: --prune users=al names no mode: there is no "al" | Did you mean all? The modes are none, owned and all.',
    ],
    [
      "memberships=all",
      "cli/prune: --prune memberships=all names no section: memberships stand in each group | members.mode there, or policy.members, says whether undeclared ones are removed.",
    ],
  ])("%s is refused", (text, message) => {
    expect(refusal({ prune: [text] })).toEqual([message]);
  });

  test("one section cannot have two modes", () => {
    expect(refusal({ prune: ["users=all", "groups=none", "user=owned"] })).toEqual([
      "cli/prune: --prune users=all and --prune users=owned contradict each other | Give each section one mode.",
    ]);
  });
});

describe("--allow", () => {
  const examples = "For example delete:user=120, update:membership=50 or remove:group/lobby=12.";

  test.each([
    ["delete=3", `--allow delete=3 is not of the form BUDGET=N | ${examples}`],
    ["delete:user", `--allow delete:user is not of the form BUDGET=N | ${examples}`],
    [
      "delet:user=3",
      `--allow delet:user=3 names no budget: there is no "delet" | Did you mean delete? ${examples}`,
    ],
    [
      "delete:usr=3",
      '--allow delete:usr=3 names no kind: there is no "usr" | Did you mean user? delete: takes role, user, group or webhook.',
    ],
    [
      "delete:membership=3",
      "--allow delete:membership=3 names no budget: a membership is removed, and each group has its own budget for that | Name the group: --allow remove:group/GUID=N.",
    ],
    [
      "delete:user=x",
      "--allow delete:user=x does not end in a whole number | Say how many are allowed: --allow delete:user=30.",
    ],
    [
      "delete:user=-1",
      "--allow delete:user=-1 does not end in a whole number | Say how many are allowed: --allow delete:user=30.",
    ],
    [
      "delete:user=50%",
      "--allow delete:user=50% does not end in a whole number | A percentage can stand in policy.budgets. Say how many are allowed: --allow delete:user=30.",
    ],
    [
      "remove:lobby=3",
      "--allow remove:lobby=3 names no group | Write it as an address: --allow remove:group/lobby=3.",
    ],
    [
      "remove:user/lobby=3",
      "--allow remove:user/lobby=3 names no group | Write it as an address: --allow remove:group/lobby=3.",
    ],
    [
      "remove:group/=3",
      "--allow remove:group/=3 names no group | Write it as an address: --allow remove:group/GUID=3.",
    ],
  ])("%s is refused", (text, message) => {
    expect(refusal({ allow: [text] })).toEqual([`cli/allow: ${message}`]);
  });

  test("one budget cannot have two numbers", () => {
    expect(refusal({ allow: ["remove:group/lobby=3", "remove:groups/LOBBY=4"] })).toEqual([
      "cli/allow: --allow remove:group/lobby=3 and --allow remove:group/lobby=4 contradict each other | Give each budget one number.",
    ]);
  });
});

describe("--take-over", () => {
  test.each([
    ["bob", "--take-over bob is no address | Write KIND/KEY, for example user/bob."],
    ["user/", "--take-over user/ is no address | Write KIND/KEY, for example user/bob."],
    [
      "usr/bob",
      '--take-over usr/bob names no kind: there is no "usr" | Did you mean user? The kinds are role, user, group, membership and webhook.',
    ],
    [
      "user/bobby",
      "--take-over user/bobby names nothing that the manifest declares | Did you mean user/bob? It declares user/alice and user/bob.",
    ],
    [
      "user/*",
      "--take-over user/* names nothing that the manifest declares | It declares user/alice and user/bob.",
    ],
    [
      "role/vip",
      "--take-over role/vip names nothing that the manifest declares | It declares no roles: declare role/vip first.",
    ],
    [
      "webhook/audit",
      "--take-over webhook/audit is not needed: webhooks carry no mark of a stack | Leave it out: declaring one is enough to manage it.",
    ],
  ])("%s is refused", (text, message) => {
    expect(refusal({ takeOver: [text] })).toEqual([`cli/take-over: ${message}`]);
  });

  test("needs a stack to take over to", () => {
    const { stack: _, ...plain } = content;
    expect(refusal({ takeOver: ["user/bob"] }, plain)).toEqual([
      "cli/take-over: --take-over user/bob needs a stack to take it over to | Give the manifest a stack: a name for what is its own.",
    ]);
  });

  test("of many declared ones only the nearest is named", () => {
    const names = Array.from({ length: 11 }, (_, index) => `person-${index}`);
    const users = Object.fromEntries(names.map((name) => [name, { name }]));
    expect(refusal({ takeOver: ["user/person-99"] }, { ...content, users })).toEqual([
      "cli/take-over: --take-over user/person-99 names nothing that the manifest declares | Did you mean user/person-9? Declare user/person-99 first, or correct the address.",
    ]);
  });
});

describe("--only and --except", () => {
  test.each([
    [
      "usr/alice",
      '--only usr/alice names no kind: there is no "usr" | Did you mean user? The kinds are role, user, group, membership and webhook. Write KIND, KIND/KEY or KIND/PATTERN.',
    ],
    [
      "users,groups",
      "--only users,groups is more than one selector | Write --only users --only groups.",
    ],
    ["Alice", '--only Alice names no kind: there is no "Alice" | Did you mean user/alice?'],
    [
      "users/",
      "--only users/ has nothing after the slash | users alone means all of them, users/KEY means one.",
    ],
    [
      "",
      '--only "" names no kind: there is no "" | The kinds are role, user, group, membership and webhook. Write KIND, KIND/KEY or KIND/PATTERN.',
    ],
  ])("%j is refused", (text, message) => {
    expect(refusal({ only: [text] })).toEqual([`cli/only: ${message}`]);
  });

  test("a message names the flag that was given", () => {
    expect(refusal({ except: ["vault"] })).toEqual([
      'cli/except: --except vault names no kind: there is no "vault" | Did you mean group/vault?',
    ]);
  });
});

test("a write-only value that is not declared cannot be written again", () => {
  expect(refusal({ writeSecret: ["group/vault#passwort"] })).toEqual([
    "cli/write-secret: --write-secret group/vault#passwort names no write-only value of the manifest | It declares: group/vault#password.",
  ]);
  expect(refusal({ writeSecret: ["group/vault#password"] }, { version: 1 })).toEqual([
    "cli/write-secret: --write-secret group/vault#password names no write-only value of the manifest | The manifest declares none.",
  ]);
});

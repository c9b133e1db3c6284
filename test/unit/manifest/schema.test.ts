import { describe, expect, test } from "vitest";
import { loadText, manifestOf, problemsOf } from "../../support/manifest-text.ts";

/** What is said about one attribute of one entry, written in flow style on line 3 from column 10. */
function saidOf(section: string, attributes: string, given = {}): readonly string[] {
  return problemsOf(`version: 1\n${section}:\n  id: { ${attributes} }\n`, given).map((problem) =>
    problem.replace("m.yaml:3:", ""),
  );
}

const long = (characters: number): string => "x".repeat(characters);

describe("the top", () => {
  test.each([
    [
      "stack: acme",
      "1:1 manifest/missing-attribute: the manifest has no version (begin with: version: 1)",
    ],
    ["version: 2", "1:10 manifest/invalid-value: version must be 1 (write version: 1)"],
    ["version: '1'", "1:10 manifest/invalid-value: version must be 1 (write version: 1)"],
    ["version:", "1:1 manifest/invalid-value: version must be 1 (write version: 1)"],
    [
      "version: 1\nuser: {}",
      '2:1 manifest/unknown-attribute: unknown attribute "user" (did you mean "users"?)',
    ],
    [
      "version: 1\nmemberships: {}",
      '2:1 manifest/unknown-attribute: unknown attribute "memberships" (known here: version, include, stack, provider, policy, forget, variables, environments, defaults, generate, roles, users, groups, webhooks)',
    ],
    [
      "version: 1\nusers:",
      '2:1 manifest/null-value: users is empty (write "users: {}" to manage users without declaring any, or remove the line)',
    ],
    [
      "version: 1\npolicy:",
      '2:1 manifest/null-value: policy is empty (write "policy: {}", or remove the line)',
    ],
    ["version: 1\nusers: [alice]", "2:1 manifest/wrong-type: users must be a map, not a list"],
    ["version: 1\nusers: alice", "2:8 manifest/wrong-type: users must be a map, not a string"],
    [
      "version: 1\nstack: 5",
      '2:8 manifest/wrong-type: stack must be a string, not a number (write it in quotes: "5")',
    ],
    [
      "version: 1\nstack: Acme Inc",
      '2:8 manifest/invalid-value: stack must be 1 to 40 lower-case letters, digits, "-" and "_", beginning with a letter or a digit',
    ],
    [
      "version: 1\nprovider: { appId: 26340e5 }",
      '2:20 manifest/wrong-type: appId must be a string, not a number (write it in quotes: "26340e5")',
    ],
    [
      "version: 1\nprovider: { appId: a/b }",
      '2:20 manifest/invalid-value: appId must be letters, digits, "-" and "_" only',
    ],
    [
      "version: 1\nprovider: { region: uss }",
      '2:21 manifest/invalid-value: region must be us, eu or in (did you mean "us"?)',
    ],
    [
      "version: 1\nprovider: { name: stream }",
      "2:19 manifest/invalid-value: name must be cometchat",
    ],
    [
      "version: 1\nprovider: { dialect: postman }",
      "2:22 manifest/invalid-value: dialect must be auto, vendor or collection",
    ],
    [
      "version: 1\npolicy: { prune: { user: all } }",
      '2:20 manifest/unknown-attribute: unknown attribute "user" (did you mean "users"?)',
    ],
    [
      "version: 1\npolicy: { prune: { users: own } }",
      '2:27 manifest/invalid-value: users must be none, owned or all (did you mean "owned"?)',
    ],
    [
      "version: 1\npolicy: { allow: [alice] }",
      '2:11 manifest/unknown-attribute: unknown attribute "allow" (known here: prune, members, delete, protect, budgets)',
    ],
    [
      "version: 1\npolicy: { delete: { users: permanently } }",
      '2:28 manifest/invalid-value: users must be deactivate or permanent (did you mean "permanent"?)',
    ],
  ])("%j", (text, problem) => {
    expect(problemsOf(text)).toEqual([`m.yaml:${problem}`]);
  });
});

describe("ids", () => {
  test.each([
    [
      "users",
      "'a b'",
      '"a b" cannot be an id (ids have letters, digits, "-" and "_" only)',
      "bad-id",
    ],
    ["roles", "ä", '"ä" cannot be an id (ids have letters, digits, "-" and "_" only)', "bad-id"],
    ["groups", "''", "the id is empty", "too-short"],
    ["users", long(101), "the id is 101 characters long, the limit is 100", "too-long"],
    ["webhooks", long(51), "the id is 51 characters long, the limit is 50", "too-long"],
    ["users", "app_system", '"app_system" is reserved', "reserved"],
    ["users", "App_System", '"App_System" is reserved', "reserved"],
  ])("%s: %s", (section, id, summary, code) => {
    expect(problemsOf(`version: 1\n${section}:\n  ${id}: {}\n`)).toEqual([
      `m.yaml:3:3 manifest/${code}: ${summary}`,
    ]);
  });

  test("may be as long as the service allows", () => {
    const text = `version: 1\nusers: { ${long(100)}: {} }\nwebhooks: { ${long(50)}: {} }\n`;
    expect(problemsOf(text)).toEqual([]);
  });

  test("the built-in role may be declared, and the service's own user may own a group", () => {
    const text =
      "version: 1\nroles: { default: { name: All } }\ngroups: { a: { owner: app_system } }\n";
    expect(problemsOf(text)).toEqual([]);
  });
});

describe("an entry", () => {
  test.each([
    ["users", "", "3 manifest/null-value", 'id is empty (write "id: {}", or remove the line)'],
    ["users", " Alice", "7 manifest/wrong-type", "id must be a map, not a string"],
    ["users", " [Alice]", "3 manifest/wrong-type", "id must be a map, not a list"],
  ])("%s: id:%s", (section, written, place, summary) => {
    expect(problemsOf(`version: 1\n${section}:\n  id:${written}\n`)).toEqual([
      `m.yaml:3:${place}: ${summary}`,
    ]);
  });
});

describe("an attribute", () => {
  const cannotBeNull = (name: string): string =>
    `manifest/null-value: ${name} cannot be null (leave it out to leave it as it is)`;

  test.each([
    [
      "users",
      "nmae: A",
      '9 manifest/unknown-attribute: unknown attribute "nmae" (did you mean "name"?)',
    ],
    [
      "users",
      "email: a@b.c",
      '9 manifest/unknown-attribute: unknown attribute "email" (known here: name, role, avatar, link, statusMessage, metadata, tags, protect)',
    ],
    [
      "users",
      "name: 007",
      '15 manifest/wrong-type: name must be a string, not a number (write it in quotes: "007")',
    ],
    ["users", "name: ''", "15 manifest/too-short: name is empty"],
    [
      "users",
      `name: ${long(101)}`,
      "15 manifest/too-long: name is 101 characters long, the limit is 100",
    ],
    ["users", "name: null", `15 ${cannotBeNull("name")}`],
    [
      "users",
      "avatar: me.png",
      "17 manifest/invalid-value: avatar must be a URL that begins with https:// or http://",
    ],
    [
      "users",
      "link: ftp://x/y",
      "15 manifest/invalid-value: link must be a URL that begins with https:// or http://",
    ],
    [
      "users",
      "link: 'http://a b'",
      "15 manifest/invalid-value: link must be a URL that begins with https:// or http://",
    ],
    [
      "users",
      `link: https://x/${long(3000)}`,
      "15 manifest/too-long: link is 3,010 characters long, the limit is 3,000",
    ],
    [
      "users",
      "role: a b",
      '15 manifest/invalid-value: role must be a role id: letters, digits, "-" and "_" only',
    ],
    ["users", "role: ''", "15 manifest/too-short: role is empty"],
    [
      "users",
      "tags: vip",
      "15 manifest/wrong-type: tags must be a list, not a string (write it as a list: [vip])",
    ],
    [
      "users",
      "tags: [a, 5]",
      '19 manifest/wrong-type: tags[1] must be a string, not a number (write it in quotes: "5")',
    ],
    ["users", "tags: [a, '']", "19 manifest/too-short: tags[1] is empty"],
    [
      "users",
      "tags: [a, null]",
      "19 manifest/null-value: tags[1] cannot be null (leave it out to leave it as it is)",
    ],
    [
      "users",
      "tags: [a, b, a]",
      '22 manifest/duplicate-item: "a" is listed twice (first at m.yaml:3:16)',
    ],
    ["users", "tags: [cometform:x]", '16 manifest/reserved: "cometform:x" is reserved'],
    [
      "users",
      `tags: [${long(101)}]`,
      "16 manifest/too-long: tags[0] is 101 characters long, the limit is 100",
    ],
    ["users", "metadata: []", "9 manifest/wrong-type: metadata must be a map, not a list"],
    ["users", "metadata: { cometform: x }", '21 manifest/reserved: "cometform" is reserved'],
    [
      "users",
      `metadata: { k: ${long(5120)} }`,
      "9 manifest/too-long: metadata takes 5,128 bytes as JSON, the limit is 5,120",
    ],
    [
      "groups",
      `metadata: { k: ${"ä".repeat(2560)} }`,
      "9 manifest/too-long: metadata takes 5,128 bytes as JSON, the limit is 5,120",
    ],
    [
      "roles",
      `description: ${long(256)}`,
      "22 manifest/too-long: description is 256 characters long, the limit is 255",
    ],
    [
      "roles",
      "settings: { listUsers: some }",
      "32 manifest/invalid-value: listUsers must be all or friendsOnly",
    ],
    [
      "roles",
      "settings: { listUser: all }",
      '21 manifest/unknown-attribute: unknown attribute "listUser" (did you mean "listUsers"?)',
    ],
    [
      "groups",
      "type: publik",
      '15 manifest/invalid-value: type must be public, private or password (did you mean "public"?)',
    ],
    ["groups", "type: null", `15 ${cannotBeNull("type")}`],
    ["groups", "owner: null", `16 ${cannotBeNull("owner")}`],
    [
      "groups",
      "owner: a.b",
      '16 manifest/invalid-value: owner must be a uid: letters, digits, "-" and "_" only',
    ],
    ["groups", "members: [alice]", "9 manifest/wrong-type: members must be a map, not a list"],
    [
      "groups",
      "members: null",
      '9 manifest/null-value: members is empty (write "members: {}", or remove the line)',
    ],
    [
      "groups",
      "members: { member: [a] }",
      '20 manifest/unknown-attribute: unknown attribute "member" (known here: mode, admins, moderators, participants, $from)',
    ],
    [
      "groups",
      "members: { mode: authorative }",
      '26 manifest/invalid-value: mode must be additive or authoritative (did you mean "authoritative"?)',
    ],
    [
      "groups",
      "members: { admins: a }",
      "28 manifest/wrong-type: admins must be a list, not a string (write it as a list: [a])",
    ],
    [
      "groups",
      "members: { admins: [a b] }",
      '29 manifest/invalid-value: admins[0] must be a uid: letters, digits, "-" and "_" only',
    ],
    [
      "users",
      "protect: 'yes'",
      "18 manifest/wrong-type: protect must be true or false, not a string",
    ],
    ["groups", "protect: 1", "18 manifest/wrong-type: protect must be true or false, not a number"],
    [
      "roles",
      "protected: true",
      '9 manifest/unknown-attribute: unknown attribute "protected" (did you mean "protect"?)',
    ],
    [
      "webhooks",
      "protect: true",
      '9 manifest/unknown-attribute: unknown attribute "protect" (name the webhook in policy.protect: webhook/ID)',
    ],
    ["webhooks", "url: null", `14 ${cannotBeNull("url")}`],
    [
      "webhooks",
      "url: http://x",
      "14 manifest/invalid-value: url must be a URL that begins with https://",
    ],
    [
      "webhooks",
      `url: https://x/${long(250)}`,
      "14 manifest/too-long: url is 260 characters long, the limit is 255",
    ],
    ["webhooks", "method: PUT", "17 manifest/invalid-value: method must be POST or GET"],
    [
      "webhooks",
      "enabled: 'yes'",
      "18 manifest/wrong-type: enabled must be true or false, not a string",
    ],
    [
      "webhooks",
      "enabled: 1",
      "18 manifest/wrong-type: enabled must be true or false, not a number",
    ],
    ["webhooks", "enabled: null", `18 ${cannotBeNull("enabled")}`],
    [
      "webhooks",
      "triggers: [messageSent]",
      '20 manifest/invalid-value: triggers[0] must be a trigger such as message_sent: lower-case letters, digits and "_"',
    ],
    [
      "webhooks",
      `name: ${long(51)}`,
      "15 manifest/too-long: name is 51 characters long, the limit is 50",
    ],
    [
      "webhooks",
      "basicAuth: { username: u_1, password: '${PW}' }",
      "32 manifest/invalid-value: username must be letters and digits only",
    ],
    [
      "webhooks",
      "basicAuth: { username: u }",
      "9 manifest/missing-attribute: basicAuth has no password (add password)",
    ],
  ])("%s: %s", (section, attributes, problem) => {
    expect(saidOf(section, attributes, { variables: { PW: "p" } })).toEqual([problem]);
  });

  test.each([
    ["users", "role, avatar, link, statusMessage, metadata, tags, protect"],
    ["groups", "icon, description, metadata, tags, protect"],
    ["roles", "description, metadata, settings, protect"],
    ["webhooks", "triggers, basicAuth"],
  ])("of %s can be cleared: %s", (section, names) => {
    const attributes = names.split(", ").map((name) => `${name}: null`);
    expect(saidOf(section, attributes.join(", "))).toEqual([]);
  });

  test("may be as long as the service allows", () => {
    expect(saidOf("users", `name: ${"ü".repeat(100)}, metadata: { k: ${long(5112)} }`)).toEqual([]);
    expect(saidOf("roles", `metadata: { k: ${long(9000)} }, description: ${long(255)}`)).toEqual(
      [],
    );
  });

  test("may be a flag that a variable sets", () => {
    const text = "version: 1\nusers:\n  a:\n    protect: ${KEEP}\n";
    expect(manifestOf(text, { variables: { KEEP: "true" } }).sections["users"]).toEqual({
      a: { protect: true },
    });
    expect(problemsOf(text, { variables: { KEEP: "yes" } })).toEqual([
      "m.yaml:4:14 manifest/wrong-type: protect must be true or false, not a string",
    ]);
  });

  test("that webhooks cannot have says why", () => {
    expect(loadText("version: 1\nwebhooks: { w: { protect: true } }").diagnostics).toMatchObject([
      { detail: "A webhook has no place for a mark that would remember it." },
    ]);
  });

  test("a metadata key is removed by null at any depth", () => {
    expect(saidOf("users", "metadata: { a: null, b: { c: [null] } }")).toEqual([]);
  });
});

describe("tags", () => {
  const tags = (count: number): string =>
    `tags: [${Array.from({ length: count }, (_, index) => `t${index}`).join(", ")}]`;

  test("are 25 at most", () => {
    expect(saidOf("users", tags(25))).toEqual([]);
    expect(saidOf("groups", tags(26))).toEqual([
      "9 manifest/too-many: tags has 26 entries, the limit is 25",
    ]);
  });

  test("are 24 at most where the mark of a stack goes with them", () => {
    const { diagnostics } = loadText(`version: 1\nstack: acme\nusers:\n  id: { ${tags(25)} }\n`);
    expect(diagnostics).toMatchObject([
      {
        summary: "tags has 25 entries, the limit is 24",
        detail: "One place is kept for the mark of the manifest's stack.",
      },
    ]);
    expect(problemsOf(`version: 1\nstack: acme\nusers:\n  id: { ${tags(30)} }\n`)).toHaveLength(1);
    expect(problemsOf(`version: 1\nstack: acme\nusers:\n  id: { ${tags(24)} }\n`)).toEqual([]);
  });
});

describe("members", () => {
  test("are listed once, in all lists together and whatever the case", () => {
    expect(saidOf("groups", "members: { admins: [bob], participants: [Bob, eve, eve] }")).toEqual([
      '50 manifest/duplicate-member: "Bob" is listed twice (first at m.yaml:3:29)',
      '60 manifest/duplicate-member: "eve" is listed twice (first at m.yaml:3:55)',
    ]);
  });

  test("are 100,000 at most", () => {
    const uids = (count: number): string =>
      Array.from({ length: count }, (_, index) => `u${index}`).join(",");
    const text = `{"version": 1, "groups": {"g": {"members": {"admins": ["a"], "participants": [${uids(100_000).replaceAll(/\w+/g, '"$&"')}]}}}}`;
    expect(problemsOf(text)).toEqual([
      "m.yaml:1:33 manifest/too-many: members has 100,001 entries in all, the limit is 100,000",
    ]);
  });
});

test("one misspelt name is one problem, even where it is missing then", () => {
  expect(problemsOf("verison: 1\n")).toEqual([
    'm.yaml:1:1 manifest/unknown-attribute: unknown attribute "verison" (did you mean "version"?)',
  ]);
  expect(saidOf("webhooks", "basicAuth: { username: u, pasword: p }")).toEqual([
    '35 manifest/unknown-attribute: unknown attribute "pasword" (did you mean "password"?)',
  ]);
});

test("a problem at a path with slashes and tildes is found again", () => {
  expect(problemsOf("version: 1\nusers: { a/b~c: { nmae: x } }\n")).toEqual([
    'm.yaml:2:10 manifest/bad-id: "a/b~c" cannot be an id (ids have letters, digits, "-" and "_" only)',
    'm.yaml:2:19 manifest/unknown-attribute: unknown attribute "nmae" (did you mean "name"?)',
  ]);
});

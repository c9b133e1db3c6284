import { describe, expect, test } from "vitest";
import { toDesired } from "../../../src/manifest/desired.ts";
import { digestManifest } from "../../../src/manifest/digest.ts";
import { sourceOf } from "../../../src/model/resource.ts";
import { cometchat } from "../../../src/providers/cometchat/index.ts";
import { manifestOf, problemsOf } from "../../support/manifest-text.ts";

const kinds = cometchat.kinds("vendor");
const users = "version: 1\nusers:\n  $from: users.csv\n";

/** What is said about a table of users. */
function problemsIn(csv: string | Uint8Array): readonly string[] {
  return problemsOf(users, { tables: { "users.csv": csv } });
}

/** What is said about a table of users with an object in each line. */
function problemsInLines(ndjson: string): readonly string[] {
  const text = "version: 1\nusers: { $from: users.ndjson }\n";
  return problemsOf(text, { tables: { "users.ndjson": ndjson } });
}

/** The entries that a table of users makes. */
function usersIn(csv: string, pieceBytes?: number): unknown {
  const tables = { "users.csv": csv };
  const given = pieceBytes === undefined ? { tables } : { tables, pieceBytes };
  return manifestOf(users, given).sections["users"];
}

describe("a CSV table", () => {
  test("has an entry in each row, without what its cells leave empty", () => {
    const csv =
      "name,uid,tags,metadata.seat,metadata.desk.floor,protect\nAnn,ann,a|b,4,,true\n,bob,,,2,\n";
    expect(usersIn(csv)).toEqual({
      ann: { name: "Ann", tags: ["a", "b"], metadata: { seat: "4" }, protect: true },
      bob: { metadata: { desk: { floor: "2" } } },
    });
  });

  test("is literal: what looks like a variable, a number or YAML is text", () => {
    const csv = "uid,name,statusMessage\n007,${NAME},[*a\nyes,12,~\n";
    expect(usersIn(csv)).toEqual({
      "007": { name: "${NAME}", statusMessage: "[*a" },
      yes: { name: "12", statusMessage: "~" },
    });
  });

  test.each([1, 2, 3, 7, 64, 65_536])("may come in pieces of %i bytes", (pieceBytes) => {
    const csv =
      '\uFEFFuid,name,statusMessage\r\nann,"Ann ""A"" L\u00e4","one,\r\ntwo"\r\n\r\nbob,🚲,"x"\r\n';
    expect(usersIn(csv, pieceBytes)).toEqual({
      ann: { name: 'Ann "A" L\u00e4', statusMessage: "one,\r\ntwo" },
      bob: { name: "🚲", statusMessage: "x" },
    });
  });

  test("may stand beside entries and other tables", () => {
    const text = "version: 1\nusers:\n  ann: { name: A }\n  $from: [b.csv, c.ndjson]\n";
    const tables = { "b.csv": "uid,name\nbob,B\n", "c.ndjson": '{"uid":"cid","name":"C"}' };
    const { sections, files, locate } = manifestOf(text, { tables });
    expect(sections["users"]).toEqual({
      ann: { name: "A" },
      bob: { name: "B" },
      cid: { name: "C" },
    });
    expect(files).toEqual(["m.yaml", "b.csv", "c.ndjson"]);
    expect(locate(["users", "bob", "name"])).toEqual({ file: "b.csv", line: 2, column: 1 });
    expect(locate(["users", "cid"])).toEqual({ file: "c.ndjson", line: 1, column: 1 });
    expect(locate(["users", "ann"])).toMatchObject({ file: "m.yaml", line: 3, column: 3 });
  });

  test("that is empty but for its first line manages the kind and declares none", () => {
    expect(usersIn("uid,name")).toEqual({});
  });

  test.each([
    ["", "1:1 manifest/empty: users.csv is empty (begin with a line of column names: uid,…)"],
    [
      "name\nA",
      "1:1 manifest/missing-attribute: the table has no column uid (begin with a line of column names, uid among them)",
    ],
    [
      "ann,s3cret-mail@example.com,Ann,Ann\nbob,b@example.com,B,B",
      "1:1 manifest/missing-attribute: the table has no column uid (begin with a line of column names, uid among them)",
    ],
    [
      "uid;name\nA;B",
      "1:1 manifest/missing-attribute: the table has no column uid (separate columns by commas)",
    ],
    [
      "uid,nmae\nann,A",
      '1:5 manifest/unknown-attribute: unknown column "nmae" (did you mean "name"?)',
    ],
    [
      "uid,name,name\n",
      '1:10 manifest/duplicate-key: the column "name" is given twice (first at users.csv:1:5)',
    ],
    [
      "uid,metadata\n",
      "1:5 manifest/unknown-attribute: metadata has a column for each of its keys (name the columns metadata.KEY)",
    ],
    [
      "uid,metadata.a,metadata.a.b\n",
      '1:16 manifest/unknown-attribute: the columns "metadata.a" and "metadata.a.b" cannot both be filled (leave one of the two out)',
    ],
    [
      "uid,metadata.$secret\n",
      '1:5 manifest/reserved: "metadata.$secret" cannot be a column (name another key behind the dot)',
    ],
    [
      "uid,name.first\n",
      '1:5 manifest/unknown-attribute: unknown column "name.first" (known here: uid, name, role, avatar, link, statusMessage, metadata, tags, protect)',
    ],
    [
      "uid,name\nann\n",
      "2:1 manifest/bad-row: this row has 1 cell, and the first line names 2 columns (leave cells empty, but keep their commas)",
    ],
    [
      "uid,name\nann,A,B\n",
      "2:7 manifest/bad-row: this row has 3 cells, and the first line names 2 columns (put a cell that contains a comma in double quotes)",
    ],
    ["uid,name\n,A\n", "2:1 manifest/missing-attribute: this row has no uid (add uid)"],
    [
      "uid,name\nann,A\n\nann,B",
      '4:1 manifest/duplicate-key: "ann" is given twice (first at users.csv:2:1)',
    ],
    [
      "uid,name\nAnn,A\nann,B",
      '3:1 manifest/duplicate-id: "ann" and "Ann" are the same user (first at users.csv:2:1)',
    ],
    [
      "uid,name\na b,A",
      '2:1 manifest/bad-id: "a b" cannot be an id (ids have letters, digits, "-" and "_" only)',
    ],
    ["uid,name\n$from,A", '2:1 manifest/reserved: the id "$from" is reserved'],
    ["uid,name\n__proto__,A", '2:1 manifest/reserved: the id "__proto__" is reserved'],
    [
      'uid,statusMessage,avatar\nann,"a\nb",nowhere',
      "3:4 manifest/invalid-value: avatar must be a URL that begins with https:// or http://",
    ],
    ["uid,tags\nann,a||b", "2:5 manifest/too-short: tags[1] is empty"],
    [
      "uid,protect\nann,yes",
      "2:5 manifest/wrong-type: protect must be true or false, not a string",
    ],
    ["uid,metadata.cometform\nann,x", '2:5 manifest/reserved: "cometform" is reserved'],
    [
      'uid,name\nann,"A\nbob,B\n',
      "2:5 manifest/bad-row: a quote begins here, and the table ends without another one (close it behind the cell; a double quote inside the quotes is written twice)",
    ],
    [
      'uid,name\nann,5" disc',
      "2:5 manifest/bad-row: a double quote stands inside a cell that does not begin with one (put the whole cell in double quotes, and write the one inside twice)",
    ],
    [
      'uid,name\nann,"A"B',
      "2:5 manifest/bad-row: more text follows behind a cell's closing quote (write a double quote inside the quotes twice)",
    ],
    [
      "uid,name\nann,A\0",
      "2:6 manifest/not-text: the control character U+0000 cannot stand in a table (remove it, or check that this is the right file)",
    ],
  ])("%j is told where it is wrong", (csv, problem) => {
    expect(problemsIn(csv)).toEqual([`users.csv:${problem}`]);
  });

  test("that is not UTF-8 is told so where it stops being it", () => {
    const bytes = Uint8Array.from([...Buffer.from("uid,name\nann,A\nbob,J"), 0xfc, 0x0a]);
    expect(problemsIn(bytes)).toEqual([
      "users.csv:3:6 manifest/not-text: users.csv is not a UTF-8 text (save the table as UTF-8)",
    ]);
  });

  test("with many mistakes is told of the first, and of the number of the rest", () => {
    const rows = Array.from({ length: 1_000 }, (_, index) => `u ${index},A`);
    const problems = problemsIn(`uid,name\n${rows.join("\n")}`);
    expect(problems).toHaveLength(20);
  });

  test("never holds a password, not even one that looks like a variable", () => {
    const text = "version: 1\ngroups: { $from: groups.csv }\n";
    const groups =
      "guid,name,type,password\nlobby,Lobby,password,hunter2\nhall,Hall,password,${PW}\n";
    const hint = "(declare this entry in the manifest itself, with password: ${NAME})";
    expect(problemsOf(text, { tables: { "groups.csv": groups } })).toEqual([
      `groups.csv:2:22 manifest/literal-secret: password must be a variable and nothing else ${hint}`,
      `groups.csv:3:20 manifest/literal-secret: password must be a variable and nothing else ${hint}`,
    ]);
  });

  test("has private metadata, which becomes a write-only value as in YAML", () => {
    const csv = "uid,name,metadata.@private.pin\nann,A,1234\n";
    const desired = toDesired(manifestOf(users, { tables: { "users.csv": csv } }), kinds);
    expect(desired.ok && [...desired.value.secrets]).toEqual([
      ["user/ann#metadata.@private", { pin: "1234" }],
    ]);
  });
});

describe("a table of JSON lines", () => {
  test("has the attributes that YAML has, typed as they are", () => {
    const text = "version: 1\ngroups: { $from: groups.jsonl }\n";
    const entry = { name: "L", type: "public", metadata: { floor: 0 }, members: { admins: ["a"] } };
    const tables = { "groups.jsonl": `${JSON.stringify({ guid: "lobby", ...entry })}\n\n` };
    expect(manifestOf(text, { tables }).sections["groups"]).toEqual({ lobby: entry });
  });

  test.each([
    [
      "{",
      "1:1 manifest/bad-row: this line is not a JSON object (write one object in each line, with its keys in double quotes)",
    ],
    [
      '\n["a"]',
      "2:1 manifest/bad-row: this line is not a JSON object (write one object in each line, with its keys in double quotes)",
    ],
    ['{"name":"A"}', "1:1 manifest/missing-attribute: this row has no uid (add uid)"],
    [
      '{"name":"A","uid":7}',
      "1:19 manifest/wrong-type: uid must be a string, not a number (write it in quotes)",
    ],
    [
      '{"uid":"a","nmae":"A"}',
      '1:12 manifest/unknown-attribute: unknown attribute "nmae" (did you mean "name"?)',
    ],
    [
      '{"uid":"a","name":7}',
      '1:19 manifest/wrong-type: name must be a string, not a number (write it in quotes: "7")',
    ],
    [
      '{"uid":"a","name":"A","name":"B"}',
      '1:23 manifest/duplicate-key: "name" is given twice (first at users.ndjson:1:12)',
    ],
    [
      '{"uid":"a","metadata":{"$secret":"b"}}',
      '1:24 manifest/reserved: the key "$secret" is reserved',
    ],
    [
      '{"uid":"a","metadata":{"n":12345678901234567890}}',
      "1:28 manifest/inexact-number: this number cannot be kept exactly (write it in quotes if it is an id, a phone number or the like)",
    ],
    [
      '{"uid":"a","metadata":{"n":[-1e400]}}',
      "1:29 manifest/inexact-number: this number cannot be kept exactly (write it in quotes if it is an id, a phone number or the like)",
    ],
    [
      '{"uid":"a"}\n{"uid":"a"}',
      '2:8 manifest/duplicate-key: "a" is given twice (first at users.ndjson:1:1)',
    ],
    [
      '{"uid":"a b"}',
      '1:8 manifest/bad-id: "a b" cannot be an id (ids have letters, digits, "-" and "_" only)',
    ],
  ])("%j is told where it is wrong", (line, problem) => {
    expect(problemsInLines(line)).toEqual([`users.ndjson:${problem}`]);
  });

  test("may have texts that look like keys", () => {
    const text = "version: 1\nusers: { $from: users.ndjson }\n";
    const line = JSON.stringify({ uid: "a", statusMessage: '{"name": "x", "name": "y"}' });
    expect(manifestOf(text, { tables: { "users.ndjson": line } }).sections["users"]).toEqual({
      a: { statusMessage: '{"name": "x", "name": "y"}' },
    });
  });
});

describe("members from a table", () => {
  const text = `version: 1
groups:
  lobby:
    name: Lobby
    type: public
    members:
      mode: authoritative
      admins: [zoe]
      $from: members.csv
`;
  const problemsWith = (members: string) =>
    problemsOf(text, { tables: { "members.csv": members } });

  test("stand in the table of their own group, whatever tables others have", () => {
    const ids = Array.from({ length: 30 }, (_, index) => `g${index}`);
    const groups = ids.map((id) => `  ${id}: { members: { $from: ${id}.csv } }\n`).join("");
    const tables = Object.fromEntries(
      ids.map((id) => [`${id}.csv`, "uid,scope\nann,admin\nbob,participant\n"]),
    );
    const { locate } = manifestOf(`version: 1\ngroups:\n${groups}`, { tables });
    const found = ids.map((id) =>
      ["admins", "participants"].map((list) => locate(["groups", id, "members", list, "0"])),
    );
    expect(found).toEqual(
      ids.map((id) => [2, 3].map((line) => ({ file: `${id}.csv`, line, column: 1 }))),
    );
    expect(ids.map((id) => locate(["groups", id]).line)).toEqual(ids.map((_, index) => index + 3));
  });

  test("join those that are listed, each with its line", () => {
    const tables = { "members.csv": "uid,scope\nann,admin\nbob,participant\n" };
    const manifest = manifestOf(text, { tables });
    expect(manifest.sections["groups"]?.["lobby"]?.["members"]).toEqual({
      mode: "authoritative",
      admins: ["zoe", "ann"],
      participants: ["bob"],
    });
    const desired = toDesired(manifest, kinds);
    const sources = desired.ok
      ? [...desired.value.resources.values()].map((one) => [
          one.address,
          sourceOf(desired.value, one),
        ])
      : [];
    expect(sources).toMatchObject([
      ["group/lobby", { file: "m.yaml", line: 3 }],
      ["membership/lobby:zoe", { file: "m.yaml", line: 8, column: 16 }],
      ["membership/lobby:ann", { file: "members.csv", line: 2 }],
      ["membership/lobby:bob", { file: "members.csv", line: 3 }],
    ]);
  });

  test.each([
    [
      "uid,scope\nann,owner\n",
      "2:5 manifest/invalid-value: scope must be admin, moderator or participant",
    ],
    ["uid,scope\nann,\n", "2:1 manifest/missing-attribute: this row has no scope (add scope)"],
    [
      "uid,scope\nzoe,participant\n",
      '2:1 manifest/duplicate-member: "zoe" is listed twice (first at m.yaml:8:16)',
    ],
    [
      "uid,scope\na b,admin\n",
      '2:1 manifest/invalid-value: admins[1] must be a uid: letters, digits, "-" and "_" only',
    ],
    [
      "uid,role\nann,admin\n",
      '1:5 manifest/unknown-attribute: unknown column "role" (known here: uid, scope)',
    ],
  ])("%j is told where it is wrong", (members, problem) => {
    expect(problemsWith(members)).toEqual([`members.csv:${problem}`]);
  });
});

describe("$from", () => {
  test.each([
    [
      "$from: users.txt",
      "2:17 manifest/invalid-value: $from must be the path of a .csv, .ndjson or .jsonl file",
    ],
    [
      "$from: 7",
      '2:17 manifest/wrong-type: $from must be a string or a list, not a number (write it in quotes: "7")',
    ],
    ["$from: gone.csv", "2:17 manifest/unreadable-table: the table gone.csv does not exist (look)"],
    [
      "$from: [a.csv, gone.csv]",
      "2:25 manifest/unreadable-table: the table gone.csv does not exist (look)",
    ],
    [
      '$from: "${GONE}.csv"',
      "2:18 manifest/unset-variable: variable GONE is not set (--var GONE=… or export GONE)",
    ],
  ])("%s is told where it stands", (from, problem) => {
    const text = `version: 1\nusers: { ${from} }\n`;
    expect(problemsOf(text, { tables: { "a.csv": "uid\n" } })).toEqual([`m.yaml:${problem}`]);
  });

  test("is told at both places when a table and the manifest declare the same", () => {
    const text = "version: 1\nusers:\n  ann: { name: A }\n  $from: users.csv\n";
    expect(problemsOf(text, { tables: { "users.csv": "uid\nann\n" } })).toEqual([
      'users.csv:2:1 manifest/duplicate-key: "ann" is given twice (first at m.yaml:3:3)',
    ]);
  });

  test("may name the table by a variable", () => {
    const text = 'version: 1\nusers: { $from: "${WHERE}.csv" }\n';
    const given = { tables: { "a.csv": "uid\nann\n" }, variables: { WHERE: "a" } };
    expect(manifestOf(text, given).sections["users"]).toEqual({ ann: {} });
  });

  test("cannot stand where no rows belong", () => {
    expect(problemsOf("version: 1\nroles: { $from: roles.csv }\n")).toEqual([
      'm.yaml:2:10 manifest/bad-id: "$from" cannot be an id (ids have letters, digits, "-" and "_" only)',
      "m.yaml:2:17 manifest/wrong-type: $from must be a map, not a string",
    ]);
  });
});

test("a manifest has the same digest whether its entries stand in it or in a table", () => {
  const digestOf = (text: string, tables = {}): string => {
    const manifest = manifestOf(text, { tables });
    const desired = toDesired(manifest, kinds);
    return desired.ok ? digestManifest(manifest, desired.value) : "";
  };
  const inline = digestOf("version: 1\nusers: { ann: { name: A, tags: [x] } }\n");
  expect(digestOf(users, { "users.csv": "uid,name,tags\nann,A,x\n" })).toBe(inline);
  expect(digestOf(users, { "users.csv": "uid,name,tags\nann,B,x\n" })).not.toBe(inline);
});

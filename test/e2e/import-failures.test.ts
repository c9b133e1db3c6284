import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { dieAt } from "../support/kills/victim.ts";
import { setMeddledStage } from "../support/meddled-stage.ts";
import { refusal, seen } from "../support/seen.ts";

/*
 * An import has fifty rows, so there is more that can go wrong with it than with a create. Whatever it is,
 * the report is whole and true, a row that was stored is not sent again, and the next run finishes.
 */

const MANIFEST = `version: 1
stack: acme
users:
  ann: { name: Ann }
  bob: { name: Bob }
  cat: { name: Cat }
  dan: { name: Dan }
groups:
  den: { name: Den, owner: cat }
`;

const stage = setMeddledStage(MANIFEST);
const path = "/data_import/users";

function setFaults(...rules: readonly object[]): Promise<unknown> {
  return stage.app.send("POST", "/_emulator/faults", { seed: 1, rules });
}

/** The writes that came to the app: of an import which rows it had. */
async function writes(): Promise<readonly string[]> {
  const log = (await stage.app.send("GET", "/_emulator/log")) as readonly {
    readonly method: string;
    readonly path: string;
    readonly body: JsonObject;
  }[];
  return log
    .filter(({ method }) => method !== "GET")
    .map((entry) => {
      const { users, members } = entry.body;
      const rows = entry.path.includes("/data_import/") ? (users ?? members ?? {}) : {};
      return `${entry.path} ${Object.keys(rows)}`.trim();
    });
}

const WHOLE = "/v3/data_import/users ann,bob,cat,dan";
const GROUP = "/v3/groups";

/** The next run does what is left, and the one after it nothing. */
async function expectFinishedBy(line: string): Promise<void> {
  expect(seen(await stage.run(line))).toContain("Read again: everything is as planned.");
  expect(await stage.run("plan --detailed-exitcode")).toMatchObject({ exit: 0 });
}

describe("an import", () => {
  test("of which a row is refused tells which one and why, and the other rows stay", async () => {
    await setFaults({ path, fault: "partial", rows: [2], code: "ERR_BAD_NAME", message: "No." });
    expect(seen(await stage.run("apply --yes"))).toMatchInlineSnapshot(`
      "exit 5
      ✓ 3 applied in TIME, 1 call, 0 throttled
      ✗ 1 failed
          user/cat  ERR_BAD_NAME  POST /data_import/users did not do it:
                                  ERR_BAD_NAME. No (cometform.yaml:6)
              → The service refuses it. Compare what is declared with its message,
                then run apply again.
      – 1 skipped
          group/den  NEED_NOT_MET  needs user/cat (cometform.yaml:9)
              → It follows by itself: mend what it needs, then run apply again.

      Read again: 2 objects still differ. Not converged.                        exit 5
          user/cat   to create: name
          group/den  to create: name, owner
      Mend what failed, then run apply again: what is done already is not done twice.
      "
    `);
    expect(await writes()).toEqual([WHOLE]);
    await setFaults();
    await expectFinishedBy("apply --yes");
    expect(await writes()).toEqual([WHOLE, "/v3/users", GROUP]);
  });

  test("that is refused as a whole says how to do without, and that works", async () => {
    await setFaults({ path, fault: "status", status: 400, code: "ERR_X", message: "Not here." });
    expect(seen(await stage.run("apply --yes"))).toMatchInlineSnapshot(`
      "exit 5
      ✓ 0 applied in TIME, 1 call, 0 throttled
      ✗ 4 failed
          user/ann  ERR_X  POST /data_import/users answered 400 ERR_X. Not here
                           (cometform.yaml:4)
          user/bob  ERR_X  POST /data_import/users answered 400 ERR_X. Not here
                           (cometform.yaml:5)
          user/cat  ERR_X  POST /data_import/users answered 400 ERR_X. Not here
                           (cometform.yaml:6)
          user/dan  ERR_X  POST /data_import/users answered 400 ERR_X. Not here
                           (cometform.yaml:7)
              → Run apply again with --bulk off: it creates one by one instead of
                importing.
      – 1 skipped
          group/den  NEED_NOT_MET  needs user/cat (cometform.yaml:9)
              → It follows by itself: mend what it needs, then run apply again.

      Read again: 5 objects still differ. Not converged.                        exit 5
          user/ann   to create: name
          user/bob   to create: name
          user/cat   to create: name
          user/dan   to create: name
          group/den  to create: name, owner
      Mend what failed, then run apply again: what is done already is not done twice.
      "
    `);
    expect(await writes()).toEqual([WHOLE]);
    await expectFinishedBy("apply --yes --bulk off");
    expect(await writes()).toEqual([WHOLE, ...new Array<string>(4).fill("/v3/users"), GROUP]);
  });

  test("that the app does not know says so, and how to do without", async () => {
    stage.meddle((request) =>
      request.path === path ? refusal(404, "ERR_API_NOT_FOUND", "No such path.") : undefined,
    );
    const lines = seen(await stage.run("apply --yes")).split("\n");
    const why = lines.indexOf(
      "    user/dan  ERR_API_NOT_FOUND  POST /data_import/users answered 404",
    );
    expect(lines.slice(why + 1, why + 6).map((line) => line.trim())).toEqual([
      "ERR_API_NOT_FOUND. The host does not know this",
      "call: another dialect of the API, or not its",
      "base URL (cometform.yaml:7)",
      "→ Run apply again with --bulk off: it creates one by one instead of",
      "importing.",
    ]);
    await expectFinishedBy("apply --yes --bulk off");
  });

  test("that fails after part of its rows is looked at, and only the others are sent again", async () => {
    await setFaults(
      { path, times: 1, fault: "partial", rows: [2, 3] },
      { path, times: 1, fault: "status", status: 500, when: "after" },
    );
    expect(seen(await stage.run("apply --yes"))).toMatchInlineSnapshot(`
      "exit 0
      ✓ 5 applied in TIME, 7 calls, 1 retried, 0 throttled

      Read again: everything is as planned.
      "
    `);
    expect(await writes()).toEqual([WHOLE, "/v3/data_import/users cat,dan", GROUP]);
  });

  test("that always fails leaves what was stored as done, and the rest as failed", async () => {
    await setFaults(
      { path, times: 1, fault: "partial", rows: [2, 3] },
      { path, times: 1, fault: "status", status: 500, when: "after" },
      { path, fault: "status", status: 500 },
    );
    expect(seen(await stage.run("apply --yes"))).toMatchInlineSnapshot(`
      "exit 5
      ✓ 2 applied in TIME, 11 calls, 2 retried, 0 throttled
      ✗ 2 failed
          user/cat  ERR_EXCEPTION  POST /data_import/users answered 500
                                   ERR_EXCEPTION. The service failed while it worked
                                   on the call, which may have been carried out
                                   (cometform.yaml:6)
          user/dan  ERR_EXCEPTION  POST /data_import/users answered 500
                                   ERR_EXCEPTION. The service failed while it worked
                                   on the call, which may have been carried out
                                   (cometform.yaml:7)
              → cometform apply --resume finds out what came of it and finishes; plan
                shows what is still missing.
      – 1 skipped
          group/den  NEED_NOT_MET  needs user/cat (cometform.yaml:9)
              → It follows by itself: mend what it needs, then run apply again.

      Read again: 3 objects still differ. Not converged.                        exit 5
          user/cat   to create: name
          user/dan   to create: name
          group/den  to create: name, owner
      Mend what failed, then run apply again: what is done already is not done twice.
      "
    `);
    await setFaults();
    await expectFinishedBy("apply --resume");
    expect((await writes()).at(-2)).toBe("/v3/data_import/users cat,dan");
  });

  test.each([
    ["is lost", { fault: "drop", when: "after" }],
    ["is cut off", { fault: "cut" }],
    ["is no JSON", { fault: "malformed" }],
    ["is a page of a proxy's", { fault: "html", when: "after" }],
    ["is that of a gateway", { fault: "status", status: 504, when: "after" }],
  ])("whose answer %s is looked for, and not sent again", async (_, fault) => {
    await setFaults({ path, times: 1, ...fault });
    expect(seen(await stage.run("apply --yes"))).toBe(
      [
        "exit 0",
        "✓ 5 applied in TIME, 3 calls, 0 throttled",
        "",
        "Read again: everything is as planned.",
        "",
      ].join("\n"),
    );
    expect(await writes()).toEqual([WHOLE, GROUP]);
  });

  test("that never arrived is sent again once the app shows nothing of it", async () => {
    let isCut = false;
    stage.meddle((request) => {
      if (request.path !== path || isCut) return undefined;
      isCut = true;
      return "cut";
    });
    expect(seen(await stage.run("apply --yes"))).toMatchInlineSnapshot(`
      "exit 0
      ✓ 5 applied in TIME, 5 calls, 1 retried, 0 throttled

      Read again: everything is as planned.
      "
    `);
    expect(await writes()).toEqual([WHOLE, GROUP]);
  });

  test("that leaves rows out of its answer has them looked for", async () => {
    stage.meddle(async (request) => {
      if (request.path !== path) return undefined;
      await stage.app.send("POST", path, JSON.parse(request.body));
      const body = JSON.stringify({ data: { ann: { success: true }, DAN: { success: true } } });
      return { status: 200, headers: { "content-type": "application/json" }, body };
    });
    expect(seen(await stage.run("apply --yes"))).toMatchInlineSnapshot(`
      "exit 0
      ✓ 5 applied in TIME, 3 calls, 0 throttled

      Read again: everything is as planned.
      "
    `);
    expect(await writes()).toEqual([WHOLE, GROUP]);
  });

  test("some of whose users somebody else creates meanwhile keeps theirs", async () => {
    stage.meddle(async (request) => {
      if (request.path !== path) return undefined;
      await stage.app.send("POST", "/users", { uid: "bob", name: "Another Bob" });
      await stage.app.send("POST", "/users", { uid: "cat", name: "Cat", tags: ["cometform:acme"] });
      return undefined;
    });
    expect(seen(await stage.run("apply --yes"))).toMatchInlineSnapshot(`
      "exit 5
      ✓ 4 applied in TIME, 6 calls, 0 throttled
      ✗ 1 failed
          user/bob  ERR_UID_ALREADY_EXISTS  POST /data_import/users did not do it:
                                            ERR_UID_ALREADY_EXISTS. The user with UID
                                            bob already exists (cometform.yaml:5)
              → Somebody else has created it meanwhile. Run apply again: it is
                adopted, or compared if it is ours.

      Read again: 1 object still differs. Not converged.                        exit 5
          user/bob  to create: name
      Mend what failed, then run apply again: what is done already is not done twice.
      "
    `);
    expect(await stage.app.send("GET", "/users/bob")).toMatchObject({
      data: { name: "Another Bob" },
    });
  });
});

describe("an import of members", () => {
  const manifest = {
    version: 1,
    users: { ann: { name: "Ann" }, bob: { name: "Bob" } },
    groups: Object.fromEntries(
      ["den", "hut", "inn"].map((guid) => [
        guid,
        { name: guid, owner: "ann", members: { admins: ["bob"] } },
      ]),
    ),
  };

  test("leaves out the rows whose group could not be created, and sends the others", async () => {
    stage.put("cometform.yaml", JSON.stringify(manifest));
    await setFaults({ path: "/data_import/groups", fault: "partial", rows: [1], code: "ERR_NO" });
    expect(seen(await stage.run("apply --yes"))).toMatchInlineSnapshot(`
      "exit 5
      ✓ 6 applied in TIME, 3 calls, 0 throttled
      ✗ 1 failed
          group/hut  ERR_NO  POST /data_import/groups did not do it: ERR_NO. The
                             emulator was told to fail this row (cometform.yaml:1)
              → The service refuses it. Compare what is declared with its message,
                then run apply again.
      – 1 skipped
          membership/hut:bob  NEED_NOT_MET  needs group/hut (cometform.yaml:1)
              → It follows by itself: mend what it needs, then run apply again.

      Read again: 2 objects still differ. Not converged.                        exit 5
          group/hut           to create: name, owner
          membership/hut:bob  to create: scope
      Mend what failed, then run apply again: what is done already is not done twice.
      "
    `);
    expect(await writes()).toEqual([
      "/v3/data_import/users ann,bob",
      "/v3/data_import/groups",
      "/v3/data_import/members den_member_bob,inn_member_bob",
    ]);
    await setFaults();
    await expectFinishedBy("apply --resume");
  });
});

describe("a run that is killed at an import", () => {
  test.each([
    ["before it is sent", "after 2", [], [WHOLE, GROUP]],
    ["after it was answered", "before 3", [WHOLE], [WHOLE, GROUP]],
  ])("%s is finished by --resume, which sends each row once", async (_, moment, sent, all) => {
    expect(await stage.run("apply --yes --concurrency 1", { env: dieAt(moment) })).toMatchObject({
      exit: null,
    });
    expect(await writes()).toEqual(sent);
    await expectFinishedBy("apply --resume");
    expect(await writes()).toEqual(all);
  });

  test("of which only a part was stored is finished by --resume", async () => {
    await setFaults({ path, times: 1, fault: "partial", rows: [0, 2] });
    const killed = await stage.run("apply --yes --concurrency 1", { env: dieAt("before 3") });
    expect(killed).toMatchObject({ exit: null });
    await expectFinishedBy("apply --resume");
    expect(await writes()).toEqual([WHOLE, "/v3/data_import/users ann,cat", GROUP]);
  });
});

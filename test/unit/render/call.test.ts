import { expect, test } from "vitest";
import type { Step } from "../../../src/model/plan.ts";
import { renderCalls } from "../../../src/render/call.ts";
import { plainPaint } from "../../../src/render/paint.ts";
import { renderPlan } from "../../../src/render/plan.ts";
import { toChange, toPlan, toStep } from "../../support/plan.ts";

const words = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => `w${from + index}`).join(" ");

test("calls are numbered, and long ones continue below themselves", () => {
  const steps = [
    toStep("a", { method: "DELETE", path: "/users/bob" }, []),
    toStep("b", { method: "PUT", path: "/users/alice", body: { name: words(0, 10) } }, []),
  ];
  expect(renderCalls(toPlan({ steps }), { width: 40 })).toBe(
    [
      "  1  DELETE /users/bob",
      '  2  PUT /users/alice {"name":"w0 w1 w2',
      '     w3 w4 w5 w6 w7 w8 w9"}',
      "",
    ].join("\n"),
  );
});

function toImport(id: string, uids: readonly string[]): Step {
  const rows = uids.map((uid) => [uid, { uid, name: `User ${uid}` }] as const);
  const body = { users: Object.fromEntries(rows) };
  const call = { method: "POST", path: "/data_import/users", body, quota: "import" } as const;
  return toStep(
    id,
    call,
    uids.map((uid) => `user/${uid}`),
  );
}

const people = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `u${first + index}`);

test("an import is one line, with as many of its rows as there is room for", () => {
  const steps = [toImport("a", people(1, 50)), toImport("b", people(51, 2))];
  expect(renderCalls(toPlan({ steps }), { width: 60 })).toBe(
    [
      "  1  POST /data_import/users  50 users: u1, u2, u3, u4, …",
      "  2  POST /data_import/users  2 users: u51, u52",
      "",
    ].join("\n"),
  );
});

test("an import is never wider than the screen, however long the ids are", () => {
  const long = people(1, 3).map((uid) => `${uid}-${"x".repeat(30)}`);
  for (let width = 80; width < 150; width += 1) {
    const [line = ""] = renderCalls(toPlan({ steps: [toImport("a", long)] }), { width }).split(
      "\n",
    );
    expect(line.length).toBeLessThanOrEqual(width);
    expect(line).toMatch(
      /^ {2}1 {2}POST \/data_import\/users {2}3 users: u1-x+(?:, …|.*u3-x+|, u2-x+, …)$/,
    );
  }
});

test("in detail, each resource has its own row of an import, without what is secret", () => {
  const step = toImport("a", ["ann", "bob"]);
  const secret = { $secret: "user/ann#metadata.@private" };
  const rows = { ann: { uid: "ann", metadata: { "@private": secret } }, bob: { uid: "bob" } };
  const steps = [{ ...step, call: { ...step.call, body: { users: rows } } }];
  const changes = ["user/ann", "user/bob"].map((address) => toChange("create", address));
  const view = { width: 140, paint: plainPaint, verbose: true };
  const shown = renderPlan(toPlan({ changes, steps }), view).split("\n");
  expect(shown.filter((line) => line.includes("POST"))).toEqual([
    '      call          POST /data_import/users, one of 2 rows: {"uid":"ann","metadata":{"@private":"***"}}',
    '      call          POST /data_import/users, one of 2 rows: {"uid":"bob"}',
  ]);
});

test("in detail, rows that stand under an id of their own are counted once", () => {
  const changes = ["den:ann", "den:bob", "hut:ann"].map((key) =>
    toChange("create", `membership/${key}`, {
      attributes: [{ path: "scope", before: null, after: "admin" }],
    }),
  );
  const body = { members: { den_member_ann: { uid: "ann" } } };
  const call = { method: "POST", path: "/data_import/members", body, quota: "import" } as const;
  const addresses = changes.map(({ address }) => address);
  const steps = [toStep("a", call, addresses)];
  const view = { width: 100, paint: plainPaint, verbose: true };
  const shown = renderPlan(toPlan({ changes, steps }), view).split("\n");
  expect(shown.filter((line) => line.includes("POST"))).toEqual([
    "      call          POST /data_import/members  3 memberships: den:ann, den:bob, hut:ann",
    "      call          (shared, see above: POST /data_import/members)",
  ]);
});

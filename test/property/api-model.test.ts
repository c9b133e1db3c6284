import fc from "fast-check";
import { expect, test } from "vitest";
import { createApp, type TestApp } from "../support/in-process.ts";
import { applyCall } from "../support/search/api-model.ts";
import { allCalls, type Call } from "../support/search/calls.ts";
import { fits } from "../support/search/goal.ts";
import { observe } from "../support/search/observe.ts";
import { toRequest } from "../support/search/requests.ts";
import {
  createShape,
  type Dialect,
  NONE,
  type Shape,
  type State,
  UNKNOWN_ROLE,
} from "../support/search/shape.ts";
import * as values from "../support/search/values.ts";

const RUNS = Number(process.env["COMETFORM_SEARCH"] ?? 60);

/** A small app with some of everything. */
function everything(dialect: Dialect): Shape {
  const isVendor = dialect === "vendor";
  return createShape({
    dialect,
    ids: { role: "vw", user: "abc", group: "gh", hook: "kl" },
    triggers: "xy",
    attributes: {
      role: [values.NAME, values.DESCRIPTION],
      user: [values.NAME, values.AVATAR, ...(isVendor ? [values.TAGS] : [values.METADATA])],
      group: [values.NAME, values.DESCRIPTION, values.TAGS],
      hook: isVendor ? [values.URL, values.ENABLED] : [values.METHOD],
    },
  });
}

async function send(app: TestApp, shape: Shape, call: Call): Promise<boolean> {
  const { hookIds } = observe(shape, app.emulator.snapshot());
  const { method, path, body } = toRequest(shape, call, hookIds);
  const host = path.startsWith("/apps/") ? "http://127.0.0.1" : "http://127.0.0.1/v3";
  const { status } = await app.transport({
    method,
    url: `${host}${path}`,
    timeoutMs: 1_000,
    headers: {
      apikey: "emulator-key",
      key: "emulator-key",
      secret: "emulator-secret",
      "x-webhook-version": "2",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return status < 300;
}

/** What the model does not know, it takes from what was observed. */
function toPattern(cell: string): string {
  return cell.replace(UNKNOWN_ROLE, "*");
}

const empty = (shape: Shape): State =>
  Object.values(shape.ids).flatMap((ids) => [...ids].map(() => ""));

/**
 * Calls by what they do, so that the many ways to create a group do not crowd out the rest; what
 * takes something away comes less often than what needs it.
 */
function byOperation(shape: Shape): readonly (readonly Call[])[] {
  const byName = new Map<string, Call[]>();
  for (const call of allCalls(shape)) {
    const known = byName.get(call.op);
    if (known === undefined) byName.set(call.op, [call]);
    else known.push(call);
  }
  const isRare = (op: string) => op.startsWith("delete") || op === "deactivate";
  return [...byName].flatMap(([op, calls]) => (isRare(op) ? [calls] : [calls, calls, calls]));
}

for (const dialect of ["vendor", "collection"] as const) {
  test(`the model of the API takes and refuses what the emulator does (${dialect})`, async () => {
    const shape = everything(dialect);
    const operations = byOperation(shape);
    const picks = fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 80, maxLength: 80 });
    const taken = new Map<string, { yes: number; no: number }>();
    await fc.assert(
      fc.asyncProperty(picks, async (chosen) => {
        const app = createApp(dialect);
        let state = empty(shape);
        for (const [which, how] of chosen) {
          const calls = operations[which % operations.length] ?? [];
          const call = calls[how % calls.length];
          if (call === undefined || isBesides(shape, state, call)) continue;
          const next = applyCall(shape, state, call);
          const isTaken = await send(app, shape, call);
          expect(isTaken, JSON.stringify({ state, call })).toBe(next !== undefined);
          state = next ?? state;
          const { state: found } = observe(shape, app.emulator.snapshot());
          const isSame = found.every((cell, place) => fits(cell, toPattern(state[place] ?? "")));
          expect(isSame, JSON.stringify({ call, model: state, found })).toBe(true);
          const count = taken.get(call.op) ?? { yes: 0, no: 0 };
          if (isTaken) count.yes += 1;
          else count.no += 1;
          taken.set(call.op, count);
        }
      }),
      { numRuns: RUNS },
    );
    console.info(dialect, JSON.stringify(Object.fromEntries(taken)));
    const never = [...taken].filter(([, { yes }]) => yes === 0).map(([op]) => op);
    expect(never, "every call is taken now and then").toEqual([]);
  });
}

test("a call takes 25 rows and no more, in the model as in the emulator", async () => {
  const user = "abcdefghijklmnopqrtuvwxyz0";
  const FIXED = { user: [values.FIXED_NAME], group: [values.FIXED_NAME] };
  const shape = createShape({ dialect: "vendor", ids: { user, group: "g" }, attributes: FIXED });
  const app = createApp("vendor");
  let state = empty(shape);
  const take = async (call: Call) => {
    const next = applyCall(shape, state, call);
    expect(await send(app, shape, call), JSON.stringify(call)).toBe(next !== undefined);
    state = next ?? state;
    expect(observe(shape, app.emulator.snapshot()).state).toEqual(state);
    return next !== undefined;
  };
  for (const id of user) await take({ op: "create-user", id, role: ".", attributes: "1" });
  const group = { id: "g", owner: ".", attributes: "1" };
  const all = "p".repeat(26);
  expect(await take({ op: "create-group", ...group, rows: all })).toBe(false);
  expect(await take({ op: "create-group", ...group, owner: "a", rows: all })).toBe(true);
  expect(await take({ op: "delete-group", id: "g" })).toBe(true);
  expect(await take({ op: "create-group", ...group, rows: NONE.repeat(26) })).toBe(true);
  expect(await take({ op: "add-members", id: "g", rows: all })).toBe(false);
  expect(await take({ op: "add-members", id: "g", rows: `${all.slice(1)}-` })).toBe(true);
  expect(await take({ op: "deactivate", users: user })).toBe(false);
  expect(await take({ op: "deactivate", users: user.slice(1) })).toBe(true);
});

/** A second webhook with the same url, which the model leaves out. */
function isBesides(shape: Shape, state: State, call: Call): boolean {
  if (shape.dialect === "vendor" || call.op !== "create-hook") return false;
  return applyCall(shape, state, call) === undefined;
}

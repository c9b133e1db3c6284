import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fillSecrets } from "../../../src/executor/secrets.ts";
import type { Change } from "../../../src/model/plan.ts";
import type { Attributes } from "../../../src/model/resource.ts";
import { importKey } from "../../../src/providers/cometchat/import-rows.ts";
import { createKinds, toDialect } from "../../../src/providers/cometchat/kinds/kinds.ts";
import { connectTo, createApp } from "../../support/in-process.ts";
import { applyIt, load, planIt } from "../../support/manifest.ts";

const KINDS = {
  vendor: createKinds(toDialect("vendor", "app")),
  collection: createKinds(toDialect("collection", "app")),
};

function toCreate(kind: string, key: string, planned: Attributes): Change {
  const attributes = Object.entries(planned).map(([path, after]) => ({
    path,
    before: null,
    after: after ?? null,
  }));
  return {
    action: "create",
    address: `${kind}/${key}`,
    kind,
    key,
    planned,
    attributes,
    mark: "acme",
  };
}

const text = fc.constantFrom("A", "Bee");
const only: { requiredKeys: ["name"] } = { requiredKeys: ["name"] };
const userAttributes = fc.record(
  {
    name: text,
    avatar: text,
    link: text,
    role: text,
    statusMessage: text,
    metadata: fc.constantFrom({ seat: 4 }, { "@private": { $secret: "user/ann#metadata" } }),
    tags: fc.constantFrom(["red"], ["red", "blue"]),
  },
  only,
);
const groupAttributes = fc.record(
  {
    name: text,
    type: fc.constantFrom("public", "private"),
    icon: text,
    description: text,
    owner: text,
    metadata: fc.constant({ floor: 3 }),
    tags: fc.constant(["red"]),
  },
  only,
);
const scopes = fc.constantFrom("admin", "moderator", "participant");

const creates: fc.Arbitrary<Change> = fc.oneof(
  userAttributes.map((planned) => toCreate("user", "ann", planned)),
  groupAttributes.map((planned) => toCreate("group", "den", planned)),
  scopes.map((scope) => toCreate("membership", "den:ann", { scope })),
);

/** Whether one of the calls, and whether the cost, says that it may go out in bulk, and with how many. */
function bulkOf(dialect: "vendor" | "collection", change: Change) {
  const kind = KINDS[dialect].find(({ name }) => name === change.kind);
  const rowsMax = (list: readonly { readonly bulk?: { readonly rowsMax: number } }[] = []) =>
    list.map(({ bulk }) => bulk?.rowsMax);
  return { draft: rowsMax(kind?.draft(change)), cost: rowsMax(kind?.cost(change)) };
}

describe("what may be imported", () => {
  test("is the same by the calls of a create and by its cost", () => {
    fc.assert(
      fc.property(creates, (change) => {
        const { draft, cost } = bulkOf("vendor", change);
        expect(cost).toEqual(draft);
      }),
    );
  });

  test("is everything but what an import has no field for: it would get lost", () => {
    fc.assert(
      fc.property(creates, (change) => {
        const { description, statusMessage } = change.planned;
        const isLost = description !== undefined || statusMessage !== undefined;
        expect(bulkOf("vendor", change).draft).toEqual([isLost ? undefined : 50]);
      }),
    );
  });

  test("asks of each row for what the call of its own asks for", () => {
    fc.assert(
      fc.property(
        creates.filter(({ kind }) => kind !== "membership"),
        (change) => {
          const [draft] =
            KINDS.vendor.find(({ name }) => name === change.kind)?.draft(change) ?? [];
          if (draft?.bulk === undefined) return;
          const { body, path } = draft.bulk.call;
          expect(path).toBe(`/data_import/${change.kind}s`);
          expect(body).toEqual({ [`${change.kind}s`]: { [change.key]: draft.call.body } });
        },
      ),
    );
  });

  test("is nothing in the collection's dialect, which does not know of it", () => {
    fc.assert(
      fc.property(creates, (change) => {
        expect(bulkOf("collection", change)).toEqual({ draft: [undefined], cost: [undefined] });
      }),
    );
  });
});

describe("members whose ids an import would write like those of others", () => {
  const id = fc
    .array(fc.constantFrom("a", "b", "_member", "_member_", "member_"), {
      minLength: 1,
      maxLength: 4,
    })
    .map((parts) => parts.join(""));

  test("are imported in no call: what is imported has a key of its own", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(id, id), { selector: String, maxLength: 30 }),
        (pairs) => {
          const keys = pairs.flatMap(([guid, uid]) => {
            const address = `membership/${guid}:${uid}`;
            const change = toCreate("membership", `${guid}:${uid}`, { scope: "participant" });
            const { draft, cost } = bulkOf("vendor", change);
            expect(draft).toEqual(cost);
            return draft[0] === undefined ? [] : [[importKey(address), address] as const];
          });
          expect(new Map(keys).size).toBe(keys.length);
        },
      ),
    );
  });

  test("are added by calls of their own, all of their group, and reported each by itself", async () => {
    const app = createApp("vendor");
    const uids = [...Array.from({ length: 60 }, (_, at) => `u${at}`), "c", "b_member_c"];
    const users = Object.fromEntries(uids.map((uid) => [uid, { name: uid }]));
    const group = { name: "G", type: "public" };
    const crowd = Array.from({ length: 8 }, (_, at) => [
      `g${at}`,
      { ...group, members: { participants: [`u${at}`] } },
    ]);
    const groups = {
      ...Object.fromEntries(crowd),
      a: { ...group, members: { participants: ["b_member_c", ...uids.slice(0, 30)] } },
      a_member_b: { ...group, members: { participants: ["c"] } },
      hut: { ...group, description: "Not to be imported", members: { participants: ["c"] } },
    };
    const loaded = load({ version: 1, users, groups });
    const session = await connectTo(app);
    const made = await planIt(session, loaded);
    expect(made.calls.total).toBe(made.calls.lowerBound);
    const imported = made.steps.filter(({ call }) => call.path === "/data_import/members");
    const inBulk = imported.flatMap(({ changes }) => changes);
    expect(inBulk.filter((address) => address.startsWith("membership/a"))).toEqual([]);
    expect(inBulk).toContain("membership/g0:u0");
    expect(await applyIt(session, loaded, made)).toMatchObject({ converged: true });
    expect((await planIt(session, loaded)).changes).toEqual([]);
  });
});

test("write-only values stand in an import by their names, and are filled in when it is sent", async () => {
  const manifest = {
    version: 1,
    users: {
      ann: { name: "Ann", metadata: { "@private": { pin: "canaryPin" } } },
      bob: { name: "Bob" },
    },
    groups: {
      den: { name: "Den", type: "password", password: "${DEN}", metadata: { floor: 3 } },
      hut: { name: "Hut", type: "password", password: "${HUT}" },
    },
  };
  const app = createApp("vendor");
  const sent: unknown[] = [];
  const session = await connectTo(app, {
    transport: async (request) => {
      if (request.body !== undefined) sent.push(JSON.parse(request.body));
      return app.transport(request);
    },
  });
  const loaded = load(manifest, { DEN: "canaryDen", HUT: "canaryHut" });
  const plan = await planIt(session, loaded);
  expect(plan.calls).toMatchObject({ total: 2, import: 2 });
  expect(JSON.stringify(plan)).not.toContain("canary");
  const report = await applyIt(session, loaded, plan);
  expect(report).toMatchObject({ converged: true });
  expect(JSON.stringify(report)).not.toContain("canary");
  const { secrets } = loaded.desired;
  expect(new Set(sent)).toEqual(
    new Set(plan.steps.map(({ call }) => fillSecrets(call.body ?? null, secrets))),
  );
  for (const canary of ["canaryPin", "canaryDen", "canaryHut"]) {
    expect(JSON.stringify(sent)).toContain(canary);
  }
});

import { expect, test } from "vitest";
import type { ApiCall, Change } from "../../../src/model/plan.ts";
import { toOffers } from "../../../src/planner/offers.ts";
import type { Row } from "../../../src/planner/pack.ts";

const call: ApiCall = { method: "POST", host: "chat", path: "/users", body: {}, quota: "core" };

function toRow(key: string, bulk: Partial<ApiCall>, rowsMax: number): Row {
  const address = `user/${key}`;
  const change: Change = {
    ...{ action: "create", address, kind: "user", key, planned: {}, attributes: [] },
  };
  const inBulk = { call: { ...call, quota: "import" as const, ...bulk }, rowsMax };
  const draft = { call, bulk: inBulk };
  return { change, index: 0, draft, needs: new Set(), after: new Set(), depth: 0 };
}

test("bulk calls of different sizes or quotas are no plan: the split counts with one of each", () => {
  const ann = toRow("ann", {}, 50);
  expect(toOffers([ann, toRow("bob", {}, 50)])).toMatchObject({ rowsMax: 50 });
  for (const other of [toRow("bob", {}, 20), toRow("bob", { quota: "standard" }, 50)]) {
    expect(() => toOffers([ann, other])).toThrow("different ways in bulk");
  }
});

import { describe, expect, test } from "vitest";
import type { Step } from "../../../src/model/plan.ts";
import { toExactGraph, toGraph } from "../../../src/render/graph.ts";
import { boxSize, layOut } from "../../../src/render/graph-layout.ts";
import { renderDot, renderMermaid } from "../../../src/render/graph-text.ts";
import { toChange, toPlan, toStep } from "../../support/plan.ts";
import { largePlan, smallPlan } from "../../support/review/plans.ts";

const step = (
  id: string,
  dependsOn: readonly string[] = [],
  after: readonly string[] = [],
): Step => ({
  ...toStep(id, { method: "POST", path: "/users" }, [`user/${id}`]),
  dependsOn,
  after,
});

const titles = ({ nodes }: ReturnType<typeof toGraph>) =>
  nodes.map(({ title, detail, layer }) => `${layer} ${title} · ${detail}`);

test("a box is a call while there are few, named by what it changes", () => {
  expect(titles(toGraph(smallPlan()))).toMatchInlineSnapshot(`
    [
      "0 + role/support · POST /roles",
      "1 ~ user/alice · PUT /users/alice",
      "1 + user/bob · POST /users",
      "0 > user/carol · PUT /users/carol",
      "2 + group/help and 2 more · POST /groups",
      "0 ~ membership/lobby:alice · PUT /groups/lobby/members/alice",
      "1 − membership/lobby:dave · DELETE /groups/lobby/members/dave",
      "0 ~ webhook/audit · PUT /webhooks/audit",
      "2 − user/dave · DELETE /users/dave",
      "0 − group/old-help · DELETE /groups/old-help",
    ]
  `);
});

test("more calls than can be looked over are drawn as one where they are alike", () => {
  const graph = toGraph(largePlan(1_000));
  expect(graph).toMatchObject({ fold: "parent", steps: 1_000 });
  expect(titles(graph)).toMatchInlineSnapshot(`
    [
      "0 + role/staff · POST /roles",
      "1 + 600 users · 600 calls",
      "1 ~ 300 users · 300 calls",
      "0 − 99 users · 99 calls",
    ]
  `);
  expect(graph.edges).toEqual([
    { from: "n1", to: "n2", isNeeded: true },
    { from: "n1", to: "n3", isNeeded: true },
  ]);
  expect(toExactGraph(largePlan(1_000)).nodes).toHaveLength(1_000);
});

test("members of many groups are drawn by kind, and a long chain in so many layers", () => {
  const chain = Array.from({ length: 300 }, (_, index) => ({
    ...step(`s${index}`, index === 0 ? [] : [`s${index - 1}`]),
    changes: [`membership/g${index}:ann`],
  }));
  const changes = chain.map(({ changes: [address = ""] }) => toChange("create", address));
  const graph = toGraph(toPlan({ changes, steps: chain }));
  expect({ fold: graph.fold, nodes: graph.nodes.length, edges: graph.edges.length }).toEqual({
    fold: "kind",
    nodes: 12,
    edges: 11,
  });
});

test("a circle, as an edited file may have it, is drawn without its lines", () => {
  const steps = [step("a", ["b"]), step("b", ["a"]), step("c", ["nobody"])];
  expect(toGraph(toPlan({ steps })).edges).toEqual([]);
});

describe("a drawing", () => {
  test("has no two boxes in one place, and all of them within its size", () => {
    for (const plan of [smallPlan(), largePlan(100), largePlan(1_000)]) {
      const { places, width, height } = layOut(toGraph(plan));
      const boxes = [...places.values()];
      for (const [index, one] of boxes.entries()) {
        expect(
          one.x >= 0 &&
            one.y >= 0 &&
            one.x + boxSize.width <= width &&
            one.y + boxSize.height <= height,
        ).toBe(true);
        const isMet = (other: typeof one) =>
          Math.abs(other.x - one.x) < boxSize.width && Math.abs(other.y - one.y) < boxSize.height;
        expect(boxes.slice(index + 1).filter(isMet)).toEqual([]);
      }
    }
  });

  test("leaves out lines that others imply, but not what is needed beside what is only waited for", () => {
    const implied = [step("a"), step("b", ["a"]), step("c", ["a", "b"])];
    const lines = (steps: readonly Step[]) =>
      layOut(toGraph(toPlan({ steps }))).lines.map(({ edge: { from, to } }) => `${from} ${to}`);
    expect(lines(implied)).toEqual(["n1 n2", "n2 n3"]);
    const partly = [step("a"), step("b", [], ["a"]), step("c", ["a"], ["b"])];
    expect(lines(partly)).toEqual(["n1 n2", "n1 n3", "n2 n3"]);
  });
});

test("the texts of a graph", () => {
  const graph = toGraph(
    toPlan({
      changes: [toChange("create", 'user/a"b')],
      steps: [step("a"), { ...step("b", [], ["a"]), changes: ['user/a"b'] }],
    }),
  );
  expect(renderMermaid(graph)).toMatchInlineSnapshot(`
    "flowchart LR
      n1["#126; user/a<br>POST /users"]:::update
      n2["#43; user/a#34;b<br>POST /users"]:::create
      n1 -.-> n2
      classDef update stroke:#b8860b,stroke-width:2px
      classDef create stroke:#2e9e5b,stroke-width:2px
    "
  `);
  expect(renderDot(graph)).toMatchInlineSnapshot(`
    "digraph plan {
      rankdir=LR;
      node [shape=box, style=rounded, fontname="monospace", fontsize=11];
      n1 [label="~ user/a\\nPOST /users", color="#b8860b"];
      n2 [label="+ user/a\\"b\\nPOST /users", color="#2e9e5b"];
      n1 -> n2 [style=dashed];
    }
    "
  `);
});

import type { Action, Plan, Step, StepId } from "../model/plan.ts";
import { type Address, kindIn } from "../model/resource.ts";
import { blockOf, childLabel } from "./entry.ts";
import { escapeText } from "./escape.ts";
import { layersOf } from "./graph-layers.ts";
import { countOf, formatCount } from "./layout.ts";
import { signs } from "./sign.ts";

/** One box of a drawing: a step, or several that are drawn as one. Its texts are escaped. */
export interface GraphNode {
  readonly id: string;
  /** What happens in it; of several actions an update. */
  readonly action: Action;
  /** `+ user/alice`, `+ 120 users`. */
  readonly title: string;
  /** `POST /users`, `3 calls`. */
  readonly detail: string;
  /** Boxes of one layer do not wait for each other. */
  readonly layer: number;
}

/** That one box waits for another: until it is done, or until it has ended, whatever came of it. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly isNeeded: boolean;
}

/** What waits for what in a plan, as it is drawn. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** By what steps are drawn as one; `step` where each has a box of its own. */
  readonly fold: Fold;
  readonly steps: number;
}

/** How much is drawn as one box. */
export type Fold = "step" | "parent" | "kind";

/** So many boxes can still be looked over. */
const nodesMax = 120;
const edgesMax = 360;
/** What is in more layers than these is drawn in so many. */
const layersMax = 12;

/** What waits for what: a box a step where they can be looked over, else what is alike as one. */
export function toGraph(plan: Pick<Plan, "changes" | "steps">): Graph {
  const exact = toExactGraph(plan);
  if (isReadable(exact)) {
    return exact;
  }
  const byParent = fold(plan, "parent");
  return isReadable(byParent) ? byParent : fold(plan, "kind");
}

/** The same with a box for every step, however many there are: for programs. */
export function toExactGraph(plan: Pick<Plan, "changes" | "steps">): Graph {
  return fold(plan, "step");
}

/** A drawing in which it is said why nothing is in it. */
export function withNotice(graph: Graph, { applicable }: Pick<Plan, "applicable">): Graph {
  if (graph.nodes.length > 0) {
    return graph;
  }
  const title = applicable ? "nothing to do" : "refused";
  return {
    ...graph,
    nodes: [{ id: "n1", action: "adopt", title, detail: countOf(0, "call"), layer: 0 }],
  };
}

function isReadable({ nodes, edges }: Graph): boolean {
  return nodes.length <= nodesMax && edges.length <= edgesMax;
}

function fold({ changes, steps }: Pick<Plan, "changes" | "steps">, by: Fold): Graph {
  const actions = new Map(changes.map(({ address, action }) => [address, action]));
  const layers = layersOf(steps);
  const deepest = steps.reduce((most, { id }) => Math.max(most, layers.get(id) ?? 0), 0);
  const isDeep = by === "kind" && deepest >= layersMax;
  const layerOf = ({ id }: Step): number => {
    const layer = layers.get(id) ?? 0;
    return isDeep ? Math.floor((layer * layersMax) / (deepest + 1)) : layer;
  };
  const groups = new Map<string, Step[]>();
  for (const step of steps) {
    const key = by === "step" ? step.id : `${layerOf(step)} ${keyOf(step, by, actions)}`;
    const known = groups.get(key);
    if (known === undefined) {
      groups.set(key, [step]);
    } else {
      known.push(step);
    }
  }
  const drawn = [...groups.values()].map((members, index) => ({ members, id: `n${index + 1}` }));
  const nodes = drawn.map(({ members, id }) => ({
    id,
    layer: members[0] === undefined ? 0 : layerOf(members[0]),
    ...describe(members, actions),
  }));
  const boxes = new Map(drawn.flatMap(({ members, id }) => members.map((step) => [step.id, id])));
  return { nodes, edges: edgesOf(steps, boxes, nodes), fold: by, steps: steps.length };
}

type Actions = ReadonlyMap<Address, Action>;

/** What is alike: the same happens to the same kind, of the same parent where that is told apart. */
function keyOf(step: Step, by: Fold, actions: Actions): string {
  const [first = ""] = step.changes;
  const block = blockOf(first);
  const what = by === "parent" && block !== first ? block : kindIn(first);
  return `${actionOf([step], actions)} ${what}`;
}

function actionOf(steps: readonly Step[], actions: Actions): Action {
  const found = new Set(steps.flatMap(({ changes }) => changes).map((one) => actions.get(one)));
  const [first = "update"] = found;
  return found.size === 1 ? first : "update";
}

function describe(steps: readonly Step[], actions: Actions) {
  const action = actionOf(steps, actions);
  const addresses = steps.flatMap(({ changes }) => changes);
  const [step] = steps;
  const isOne = steps.length === 1 && step !== undefined;
  return {
    action,
    title: `${signs[action]} ${escapeText(titleOf(addresses))}`,
    detail: isOne
      ? escapeText(`${step.call.method} ${step.call.path}`)
      : countOf(steps.length, "call"),
  };
}

function titleOf(addresses: readonly Address[]): string {
  const [first = "(nothing)"] = addresses;
  if (addresses.length === 1) {
    return first;
  }
  const kinds = [...new Set(addresses.map(kindIn))];
  const blocks = new Set(addresses.map(blockOf));
  const block = blockOf(first);
  if (kinds.length === 1 && blocks.size === 1 && block !== first) {
    const label = childLabel(kindIn(block));
    return `${formatCount(addresses.length)} ${label} of ${block}`;
  }
  // A call that creates a thing with what lives in it is known by the thing.
  if (blocks.size === 1) {
    return `${block} and ${formatCount(addresses.length - 1)} more`;
  }
  return kinds
    .map((kind) => countOf(addresses.filter((address) => kindIn(address) === kind).length, kind))
    .join(", ");
}

/** Towards higher layers only, so that a drawing has no circles. */
function edgesOf(
  steps: readonly Step[],
  boxes: ReadonlyMap<StepId, string>,
  nodes: readonly GraphNode[],
): readonly GraphEdge[] {
  const layers = new Map(nodes.map(({ id, layer }) => [id, layer]));
  const edges = new Map<string, GraphEdge>();
  const add = (before: StepId, step: Step, isNeeded: boolean): void => {
    const [from, to] = [boxes.get(before), boxes.get(step.id)];
    if (from === undefined || to === undefined) return;
    const isForward = (layers.get(from) ?? 0) < (layers.get(to) ?? 0);
    const key = `${from} ${to}`;
    if (isForward && edges.get(key)?.isNeeded !== true) {
      edges.set(key, { from, to, isNeeded });
    }
  };
  for (const step of steps) {
    for (const before of step.dependsOn) add(before, step, true);
    for (const before of step.after) add(before, step, false);
  }
  return [...edges.values()];
}

import type { Step, StepId } from "../model/plan.ts";

/**
 * The layer of each step: one more than the highest of those it waits for. What waits for itself, as a file that
 * was edited may say, is left out.
 */
export function layersOf(steps: readonly Step[]): ReadonlyMap<StepId, number> {
  const { waits, followers } = toWaits(steps);
  const layers = new Map<StepId, number>();
  let ready = steps.map(({ id }) => id).filter((id) => waits.get(id) === 0);
  // A step becomes ready with the last of those it waits for, and so in the layer after the highest.
  for (let layer = 0; ready.length > 0; layer += 1) {
    for (const id of ready) layers.set(id, layer);
    ready = ready.flatMap((id) => followers.get(id) ?? []).filter((id) => isLast(id, waits));
  }
  return layers;
}

function toWaits(steps: readonly Step[]) {
  const known = new Set(steps.map(({ id }) => id));
  const waits = new Map<StepId, number>();
  const followers = new Map<StepId, StepId[]>();
  for (const { id, dependsOn, after } of steps) {
    const before = [...new Set([...dependsOn, ...after])].filter((one) => known.has(one));
    waits.set(id, before.length);
    for (const one of before) {
      const those = followers.get(one) ?? [];
      followers.set(one, those);
      those.push(id);
    }
  }
  return { waits, followers };
}

/** Counts one that is not waited for any more, and tells whether it was the last. */
function isLast(id: StepId, waits: Map<StepId, number>): boolean {
  const left = (waits.get(id) ?? 0) - 1;
  waits.set(id, left);
  return left === 0;
}

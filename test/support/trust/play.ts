import type { Plan, Step } from "../../../src/model/plan.ts";
import type { Address } from "../../../src/model/resource.ts";
import type { Transport } from "../../../src/providers/http/transport.ts";
import type { Session } from "../../../src/providers/provider.ts";
import { call, createApp, type TestApp } from "../in-process.ts";
import type { World } from "../world.ts";

/** A generator of numbers from 0 to 1 that a seed decides. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** An app as a world has it, which gives small pages. */
export async function raise({
  dialect,
  seeds,
}: Pick<World, "dialect" | "seeds">): Promise<TestApp> {
  const app = createApp(dialect, { pageMax: 4 });
  for (const { method, path, body } of seeds) await call(app, method, path, body);
  return app;
}

/**
 * Sends every step once, in a random order that respects what each waits for.
 *
 * @returns what the service did not take.
 */
export async function executeInAnyOrder(
  session: Session,
  plan: Plan,
  random: () => number,
): Promise<string[]> {
  const open = [...plan.steps];
  const ended = new Set<string>();
  const refused: string[] = [];
  while (open.length > 0) {
    const ready = open.filter((step) =>
      [...step.dependsOn, ...step.after].every((id) => ended.has(id)),
    );
    const step = ready[Math.floor(random() * ready.length)] as Step;
    open.splice(open.indexOf(step), 1);
    for (const [address, error] of await session.writer.send(step.call, step.changes)) {
      const isMoot = error.kind === "already-so" && (await isSo(session, plan, step, address));
      if (!isMoot) refused.push(`${address}: ${error.code}`);
    }
    ended.add(step.id);
  }
  return refused;
}

/** Whether the app shows that a row is as its call would leave it, or is there, if no more is asked. */
async function isSo({ writer }: Session, plan: Plan, step: Step, row: Address): Promise<boolean> {
  const standing = (await writer.look(step.call, [row])).get(row);
  const isBlind = plan.changes.some(({ address, blind }) => address === row && blind === true);
  const isThere = isBlind || comesBack(plan, row);
  return standing === "done" || (standing === "different" && isThere);
}

/** Whether a membership may come back with its user, in a scope that no plan could know. */
export function comesBack({ changes }: Plan, membership: Address): boolean {
  const [, uid] = /^membership\/.+:(.+)$/.exec(membership) ?? [];
  return changes.some(
    ({ address, action }) => action === "reactivate" && address === `user/${uid}`,
  );
}

/** How many writes an app has seen. */
export function writesIn(app: TestApp): number {
  return app.emulator.log().filter(({ method }) => method !== "GET").length;
}

/** A transport that keeps the methods of what goes through it. */
export function recording(transport: Transport): { transport: Transport; methods: Set<string> } {
  const methods = new Set<string>();
  return {
    methods,
    transport: (request) => {
      methods.add(request.method);
      return transport(request);
    },
  };
}

import type { JsonObject } from "../model/json.ts";
import type { LiveGraph } from "../model/resource.ts";
import { readAll } from "../pipeline.ts";
import type { Session } from "../providers/provider.ts";
import type { Context } from "./command.ts";
import { withSession } from "./connection.ts";
import { theProvider } from "./project.ts";
import { showDiagnostics } from "./trouble.ts";
import { tellWaits } from "./wait-notes.ts";

/** Reads the whole app and tells the manifest that describes it; what could not be read is said. */
export async function readManifest(context: Context): Promise<JsonObject> {
  const provider = theProvider();
  const request = { provider, declared: { by: "The manifest" }, managed: new Set<string>() };
  return await withSession(context, request, async (session) => {
    const { signal } = context.terminal;
    const live = await tellWaits(context, session, () => readAll(session, signal));
    const warnings = [...session.closed.values(), ...live.diagnostics];
    await showDiagnostics(context, warnings, new Map());
    return describeApp(session, live, context.flags.stack);
  });
}

/** The manifest that describes what was read: planning with it changes nothing, unless a stack is named for it. */
export function describeApp(session: Session, live: LiveGraph, named?: string): JsonObject {
  const stack = named ?? commonStack(session, live);
  return session.toManifest(live, stack === undefined ? {} : { stack });
}

/** The stack that marked everything that can be marked: only then does naming it change nothing. */
function commonStack({ kinds }: Session, { resources }: LiveGraph): string | undefined {
  const markable = new Set(kinds.filter((kind) => kind.markable).map(({ name }) => name));
  const stacks = [...resources.values()]
    .filter(({ kind, builtin }) => markable.has(kind) && builtin !== true)
    .map(({ stack }) => stack);
  const [stack] = stacks;
  // What several stacks have marked, or a mark by hand, is no name that a manifest could have.
  const isOne = new Set(stacks).size === 1 && stack !== undefined && isStackName(stack);
  return isOne ? stack : undefined;
}

/** Whether a manifest's stack may be called that. */
export function isStackName(name: string): boolean {
  return /^[a-z0-9][a-z0-9_-]{0,39}$/.test(name);
}

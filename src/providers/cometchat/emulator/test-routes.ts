import type { Context, Hono } from "hono";
import type { AppBindings } from "./app.ts";
import type { Json, JsonObject } from "./json.ts";
import type { RequestLog } from "./request-log.ts";

/** What the routes for tests look into. */
export interface TestAccess {
  snapshot(): JsonObject;
  reset(): void;
  readonly log: RequestLog;
}

const loopback: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);

/** Adds the routes below `/_emulator`, which need no key, count nowhere and answer this machine only. */
export function addTestRoutes(app: Hono<AppBindings>, access: TestAccess): void {
  app.use("/_emulator/*", async (c, next) => {
    if (!isLocal(c)) return reply(403, { error: "These routes answer this machine only." });
    return next();
  });
  app.get("/_emulator/state", () => reply(200, access.snapshot()));
  app.get("/_emulator/log", () => reply(200, access.log.entries() as unknown as Json));
  app.delete("/_emulator/log", () => {
    access.log.clear();
    return reply(200, { cleared: true });
  });
  app.post("/_emulator/reset", () => {
    access.reset();
    return reply(200, { reset: true });
  });
  app.all("/_emulator/*", () => reply(404, { error: "There is no such route." }));
}

// Calls within the process have no socket.
function isLocal(c: Context<AppBindings>): boolean {
  const address = c.env?.incoming?.socket.remoteAddress;
  return address === undefined || loopback.has(address);
}

function reply(status: number, body: Json): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json" },
  });
}

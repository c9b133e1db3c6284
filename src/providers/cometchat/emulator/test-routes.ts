import type { Context, Hono } from "hono";
import type { AppBindings } from "./app.ts";
import type { FaultRules } from "./faults/fault-rules.ts";
import type { FaultStanding } from "./faults/faults.ts";
import { type Json, type JsonObject, parsed } from "./json.ts";
import type { RequestLog } from "./request-log.ts";
import { SettingsError } from "./settings-error.ts";

/** What the routes for tests look into. */
export interface TestAccess {
  snapshot(): JsonObject;
  reset(): void;
  readonly log: RequestLog;
  /** @throws SettingsError for rules that cannot be used. */
  setFaults(document: FaultRules): void;
  faults(): FaultStanding;
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
  app.get("/_emulator/faults", () => reply(200, faultsOf(access)));
  app.post("/_emulator/faults", async (c) => setFaults(access, await c.req.text()));
  app.delete("/_emulator/faults", () => {
    access.setFaults({ rules: [] });
    return reply(200, faultsOf(access));
  });
  app.all("/_emulator/*", () => reply(404, { error: "There is no such route." }));
}

function setFaults(access: TestAccess, text: string): Response {
  try {
    // What it is, is looked at where it is set.
    access.setFaults(parsed(text) as unknown as FaultRules);
  } catch (error) {
    if (error instanceof SettingsError) return reply(400, { error: error.message });
    throw error;
  }
  return reply(200, faultsOf(access));
}

function faultsOf(access: TestAccess): Json {
  return access.faults() as unknown as Json;
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

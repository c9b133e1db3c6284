import events from "../../schemas/events.schema.json" with { type: "json" };
import faults from "../../schemas/faults.schema.json" with { type: "json" };
import plan from "../../schemas/plan.schema.json" with { type: "json" };
import receipt from "../../schemas/receipt.schema.json" with { type: "json" };
import type { JsonObject } from "../model/json.ts";
import { bundleManifest } from "./bundle.ts";

/** The schemas of all that is read and written, by name, each whole in itself. */
export function allSchemas(provider: JsonObject): ReadonlyMap<string, JsonObject> {
  return new Map<string, JsonObject>([
    ["manifest", bundleManifest(provider)],
    ["plan", plan],
    ["events", events],
    ["receipt", receipt],
    ["faults", faults],
  ]);
}

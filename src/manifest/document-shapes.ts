import type { JsonObject } from "../model/json.ts";
import { toDocumentShape } from "./document.ts";

/** What plans are like, and resolved manifests of the provider that has this schema. */
export async function shapesOf(
  schema: JsonObject,
): Promise<{ readonly plan: JsonObject; readonly manifest: JsonObject }> {
  const [plan, envelope] = await Promise.all([
    import("../../schemas/plan.schema.json", { with: { type: "json" } }),
    import("../../schemas/manifest.schema.json", { with: { type: "json" } }),
  ]);
  return {
    plan: { $ref: "#/$defs/plan", $defs: plan.default.$defs },
    manifest: toDocumentShape(envelope.default, schema),
  };
}

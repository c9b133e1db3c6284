import { isJsonObject, type JsonObject } from "../model/json.ts";
import type { Shapes } from "./policy.ts";

/** What plans are like, and manifests of the provider that has this schema. */
export async function shapesOf(schema: JsonObject): Promise<Shapes> {
  const [plan, envelope] = await Promise.all([
    import("../../schemas/plan.schema.json", { with: { type: "json" } }),
    import("../../schemas/manifest.schema.json", { with: { type: "json" } }),
  ]);
  const { properties, $defs } = schema;
  const own = isJsonObject(properties) ? properties : {};
  return {
    plan: { $ref: "#/$defs/plan", $defs: plan.default.$defs },
    manifest: {
      ...envelope.default,
      properties: { ...envelope.default.properties, ...own },
      $defs: $defs ?? {},
    },
  };
}

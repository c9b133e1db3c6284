import type { Diagnostic } from "../../../model/diagnostic.ts";
import { isJsonObject } from "../../../model/json.ts";
import type { ApiCall, Change } from "../../../model/plan.ts";
import { jsonBytes } from "../../../model/secret.ts";
import { toTexts } from "../marks.ts";
import { problem } from "./change.ts";

/** Bytes of a body that creates or changes a user or a group (documented as 10 KB). */
export const BODY_BYTES_MAX = 10_240;
/** Bytes of a user's or a group's metadata as JSON (documented as 5 KB). */
const METADATA_BYTES_MAX = 5_120;
/** Tags of a user or a group, a mark included (documented). */
const TAGS_MAX = 25;

/** What the service would refuse only once it is sent: sizes that depend on what is live. */
export function checkSizes(change: Change, calls: readonly ApiCall[]): Diagnostic[] {
  const secretBytes = change.desired?.secretBytes;
  return calls.flatMap(({ body }) => {
    if (body === null) return [];
    const metadata = isJsonObject(body["metadata"]) ? jsonBytes(body["metadata"], secretBytes) : 0;
    const tags = toTexts(body["tags"]).length;
    const size = jsonBytes(body, secretBytes);
    return [
      ...over(change, "metadata", metadata, METADATA_BYTES_MAX, "bytes of metadata"),
      ...over(change, "tags", tags, TAGS_MAX, "tags, cometform's own marks included"),
      ...over(change, "body", size, BODY_BYTES_MAX, "bytes in one request"),
    ];
  });
}

function over(
  change: Change,
  what: "metadata" | "tags" | "body",
  size: number,
  sizeMax: number,
  unit: string,
): Diagnostic[] {
  if (size <= sizeMax) return [];
  return [
    problem(change, {
      code: `limit/${what}`,
      summary: `${change.address} would have ${size} ${unit}, the service takes ${sizeMax}`,
      hint: "Live values that the manifest does not manage are written along; make it smaller.",
    }),
  ];
}

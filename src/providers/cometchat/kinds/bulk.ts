import type { Bulk, BulkCost, StepDraft } from "../../../model/kind.ts";

/** What a create costs if it is a row of a bulk call, where it can be one. */
export function bulkCost(pool: string, bulk: Bulk | undefined): { readonly bulk?: BulkCost } {
  return bulk === undefined ? {} : { bulk: { pool, rowsMax: bulk.rowsMax } };
}

/** The bulk call of a draft, where there is one. */
export function givenBulk(bulk: Bulk | undefined): Pick<StepDraft, "bulk"> {
  return bulk === undefined ? {} : { bulk };
}

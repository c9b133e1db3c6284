import type { KindSpec } from "../../../model/kind.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { checkCarried, checkRequired } from "./change.ts";
import { sortTags, takeSecret } from "./declare.ts";
import { reversalOfWrite } from "./reversal.ts";

/** Webhooks of an app, with their triggers. */
export function createWebhook(dialect: Dialect): KindSpec {
  return {
    name: "webhook",
    section: "webhooks",
    refersTo: [],
    countMax: 25,
    keyed: ["basicAuth"],
    resent: [],
    dropped: dialect.dropped["webhook"] ?? [],
    markable: false,
    adoptable: () => false,
    ...(dialect.makesWebhookIds ? { makesIds: true as const } : {}),
    toKey: (id) => id,
    declare({ id, attributes }) {
      const split = takeSecret(sortTags(attributes, "triggers"), "basicAuth.password");
      return [{ kind: "webhook", key: id, path: [], ...split }];
    },
    references: () => [],
    check: (change) => [
      ...checkRequired(change, ["url"]),
      ...checkCarried(change, dialect),
      ...dialect.webhook.check(change),
    ],
    // A login's password cannot be told, nor can an id that the service makes be had again.
    reversal: (change) => (change.action === "delete" ? "lossy" : reversalOfWrite(change)),
    draft: (change) => dialect.webhook.draft(change),
    cost: (change) => dialect.webhook.cost(change),
  };
}

import type { Diagnostic } from "../../../model/diagnostic.ts";
import type { JsonObject } from "../../../model/json.ts";
import type {
  Address,
  DesiredGraph,
  LiveGraph,
  LiveResource,
  ReadEvidence,
  ReadScope,
} from "../../../model/resource.ts";
import { ProviderError, type Reader } from "../../provider.ts";
import type { Api } from "../api.ts";
import { type Dialect, toPath } from "../dialects/dialect.ts";
import { type Rows, readListing } from "./listing.ts";
import { toLiveGroup, toLiveMembership, toLiveRole, toLiveUser } from "./live.ts";
import { readVendorWebhooks, toCollectionWebhooks, type WebhooksRead } from "./webhooks.ts";

/** What a reader reads with. */
export interface ReaderOptions {
  readonly api: Api;
  readonly dialect: Dialect;
  readonly appId: string;
  /** The listing of webhooks that settled the dialect, used once instead of asking again. */
  readonly probe?: JsonObject | undefined;
}

/** Listings of kinds that are read page by page, by kind. */
const LISTINGS = {
  role: { path: "/roles", idName: "role", toLive: toLiveRole },
  user: { path: "/users", idName: "uid", toLive: toLiveUser },
  group: { path: "/groups", idName: "guid", toLive: toLiveGroup },
} as const;

interface Collected {
  readonly resources: Map<Address, LiveResource>;
  readonly evidence: Map<string, ReadEvidence>;
  readonly diagnostics: Diagnostic[];
}

/** Reads an app by its listings; nothing here can write. */
export function createReader(options: ReaderOptions): Reader {
  let { probe } = options;
  let callsBefore = 0;
  return {
    async read(scope, desired, signal): Promise<LiveGraph> {
      const collected: Collected = { resources: new Map(), evidence: new Map(), diagnostics: [] };
      const kinds = (["role", "user", "group"] as const).filter((kind) => scope.kinds.has(kind));
      await Promise.all(kinds.map((kind) => readKind(options, kind, collected, signal)));
      await readMembers(options, scope, collected, signal);
      if (scope.kinds.has("webhook")) {
        collect(collected, await readWebhooks(options, probe, scope, desired, signal));
      }
      probe = undefined;
      const calls = options.api.counts().reads - callsBefore;
      callsBefore += calls;
      return { ...collected, calls };
    },
  };
}

function collect(into: Collected, read: WebhooksRead): void {
  for (const resource of read.resources) into.resources.set(resource.address, resource);
  into.evidence.set(read.evidence.collection, read.evidence);
  into.diagnostics.push(...read.diagnostics);
}

async function readKind(
  { api, dialect }: ReaderOptions,
  kind: "role" | "user" | "group",
  into: Collected,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { path, idName, toLive } = LISTINGS[kind];
  const query = kind === "role" ? {} : dialect.listQuery[kind];
  const listing = { collection: kind, path, query, pageSize: dialect.pageSize, idName };
  const { rows, evidence } = await readListing(api, listing, signal);
  collect(into, { resources: rows.map(toLive), evidence, diagnostics: [] });
}

/** Members of the groups that declare theirs, as far as these groups exist. */
async function readMembers(
  { api, dialect }: ReaderOptions,
  scope: ReadScope,
  into: Collected,
  signal: AbortSignal | undefined,
): Promise<void> {
  const groups = [...into.resources.values()].filter(({ kind }) => kind === "group");
  const asked = groups.filter(
    ({ address }) => scope.parents === "all" || scope.parents.has(address),
  );
  await Promise.all(
    asked.map(async ({ address, key }) => {
      const path = toPath(["groups", key, "members"]);
      const { pageSize } = dialect;
      const listing = { collection: address, path, query: {}, pageSize, idName: "uid" };
      const { rows, evidence } = await readListing(api, listing, signal).catch(toGone(address));
      const members = rows.flatMap((row) => toLiveMembership(key, row) ?? []);
      collect(into, { resources: members, evidence, diagnostics: [] });
    }),
  );
}

/** A group that went between two reads has no members to be told of, and nothing is known for sure. */
function toGone(collection: Address): (error: unknown) => Rows {
  return (error) => {
    if (!(error instanceof ProviderError) || error.kind !== "not-found") throw error;
    return { rows: [], evidence: { collection, calls: 1, objects: 0, complete: false } };
  };
}

async function readWebhooks(
  { api, dialect, appId }: ReaderOptions,
  probe: JsonObject | undefined,
  scope: ReadScope,
  desired: DesiredGraph,
  signal: AbortSignal | undefined,
): Promise<WebhooksRead> {
  if (dialect.name === "collection") {
    const reply = probe ?? (await api.get("chat", "/webhooks", {}, signal));
    return toCollectionWebhooks(reply, desired);
  }
  const isAsked = (id: string) => scope.parents === "all" || desired.resources.has(`webhook/${id}`);
  return readVendorWebhooks(api, appId, isAsked, signal);
}

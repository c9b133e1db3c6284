import type { JsonObject } from "../../../model/json.ts";
import type { DesiredGraph, LiveGraph, ReadScope } from "../../../model/resource.ts";
import type { Reader } from "../../provider.ts";
import { type Collected, collect, nothingCollected } from "./collected.ts";
import { findAll } from "./find.ts";
import { LISTED_KINDS, type ListedKind, readKind, type Source } from "./listed.ts";
import { findMembers, readMembers } from "./members.ts";
import { readPartly } from "./partly.ts";
import { readVendorWebhooks, toCollectionWebhooks, type WebhooksRead } from "./webhooks.ts";

/** What a reader reads with. */
export interface ReaderOptions extends Source {
  readonly appId: string;
  /** The listing of webhooks that settled the dialect, used once instead of asking again. */
  readonly probe?: JsonObject | undefined;
}

/** Reads an app by its listings, or single resources of it; nothing here can write. */
export function createReader(options: ReaderOptions): Reader {
  let { probe } = options;
  let callsBefore = 0;
  const takeProbe = () => {
    const taken = probe;
    probe = undefined;
    return taken;
  };
  const toGraph = (collected: Collected): LiveGraph => {
    const calls = options.api.counts().reads - callsBefore;
    callsBefore += calls;
    return { ...collected, calls };
  };
  return {
    async read(scope, desired, signal) {
      const known = takeProbe();
      const into = nothingCollected();
      const kinds = LISTED_KINDS.filter((kind) => scope.kinds.has(kind));
      await Promise.all(kinds.map((kind) => readListed(options, kind, scope, into, signal)));
      await readAllMembers(options, scope, into, signal);
      if (scope.kinds.has("webhook")) {
        const isAsked = (id: string) =>
          scope.parents === "all" ||
          scope.thorough?.has("webhook") === true ||
          desired.resources.has(`webhook/${id}`);
        collect(into, await listWebhooks(options, known, desired, isAsked, signal));
      }
      return toGraph(into);
    },
    async find(wanted, desired, signal) {
      const known = takeProbe();
      const list = (isAsked: (id: string) => boolean) =>
        listWebhooks(options, known, desired, isAsked, signal);
      return toGraph(await findAll(options, wanted, list, signal));
    },
  };
}

async function readListed(
  source: Source,
  kind: ListedKind,
  { partly }: ReadScope,
  into: Collected,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (partly?.kinds.has(kind)) await readPartly(source, kind, partly, into, signal);
  else collect(into, await readKind(source, kind, signal));
}

/** Members of the groups that declare theirs, as far as these groups exist. */
async function readAllMembers(
  source: Source,
  { kinds, parents }: ReadScope,
  into: Collected,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!kinds.has("group")) return;
  const groups = [...into.resources.values()].filter(({ kind }) => kind === "group");
  const listed = groups.map(({ address }) => address);
  const asked = parents === "all" ? listed : listed.filter((address) => parents.has(address));
  // A listing of what is marked does not tell which of the others exist.
  const isPart = into.evidence.get("group")?.markedBy !== undefined;
  const others = isPart && parents !== "all" ? parents : [];
  const unlisted = [...others].filter((address) => !into.resources.has(address));
  const reads = [
    ...asked.map((group) => readMembers(source, group, signal)),
    ...unlisted.map((group) => findMembers(source, group, signal)),
  ];
  for (const part of await Promise.all(reads)) collect(into, part);
}

async function listWebhooks(
  { api, dialect, appId }: ReaderOptions,
  probe: JsonObject | undefined,
  desired: DesiredGraph,
  isAsked: (id: string) => boolean,
  signal: AbortSignal | undefined,
): Promise<WebhooksRead> {
  if (dialect.name === "vendor") return readVendorWebhooks(api, appId, isAsked, signal);
  const reply = probe ?? (await api.get("chat", "/webhooks", {}, signal));
  return toCollectionWebhooks(reply, desired);
}

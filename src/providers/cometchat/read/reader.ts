import type { JsonObject } from "../../../model/json.ts";
import {
  type Address,
  type DesiredGraph,
  isWhole,
  type LiveGraph,
  type ReadScope,
} from "../../../model/resource.ts";
import type { Reader } from "../../provider.ts";
import { type Collected, collect, nothingCollected } from "./collected.ts";
import { readEnough } from "./enough.ts";
import { findAll } from "./find.ts";
import { readHolders } from "./holders.ts";
import { LISTED_KINDS, type ListedKind, type Source } from "./listed.ts";
import { findMembers, readMembers, showMembers } from "./members.ts";
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
      const read = (kind: ListedKind) =>
        readListed(options, kind, { scope, desired, signal }, into);
      const isAsked = (id: string) =>
        scope.parents === "all" ||
        scope.thorough?.has("webhook") === true ||
        desired.resources.has(`webhook/${id}`);
      const kinds = LISTED_KINDS.filter((kind) => scope.kinds.has(kind));
      // Which users matter shows in the groups and in who is in them.
      const isLast = (kind: ListedKind) => scope.sieve !== undefined && kind === "user";
      const webhooks = scope.kinds.has("webhook")
        ? [listWebhooks(options, known, desired, isAsked, signal)]
        : [];
      const [listed] = await Promise.all([
        Promise.all(webhooks),
        ...kinds.filter((kind) => !isLast(kind)).map(read),
      ]);
      await readAllMembers(options, scope, into, signal);
      await Promise.all(kinds.filter(isLast).map(read));
      for (const part of listed) collect(into, part);
      return toGraph(into);
    },
    async holders(asked, signal) {
      const into = nothingCollected();
      const reads = asked.map((one) => readHolders(options, one, signal));
      for (const part of await Promise.all(reads)) collect(into, part);
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

interface Asked {
  readonly scope: ReadScope;
  readonly desired: DesiredGraph;
  readonly signal: AbortSignal | undefined;
}

async function readListed(
  source: Source,
  kind: ListedKind,
  { scope, desired, signal }: Asked,
  into: Collected,
): Promise<void> {
  let rowsExpected = 0;
  for (const one of desired.resources.values()) if (one.kind === kind) rowsExpected += 1;
  const kept = { sieve: scope.sieve, desired: desired.resources };
  collect(into, await readEnough(source, kind, { scope, ...kept, rowsExpected, signal }));
}

/** Members of the groups that declare theirs, as far as these groups exist. */
async function readAllMembers(
  source: Source,
  { kinds, parents, partly, sieve }: ReadScope,
  into: Collected,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!kinds.has("group")) return;
  const groups = [...into.resources.values()].filter(({ kind }) => kind === "group");
  const asked = parents === "all" ? groups : groups.filter(({ address }) => parents.has(address));
  // What was not listed whole tells of nothing but what was marked or asked for by name.
  const isPart = !isWhole(into.evidence.get("group"));
  const others = isPart && parents !== "all" ? parents : [];
  const isKnown = (address: Address) =>
    into.resources.has(address) || partly?.wanted.has(address) === true;
  const unlisted = [...others].filter((address) => !isKnown(address));
  const reads = [
    ...asked.map((group) => readMembers(source, group, signal)),
    ...unlisted.map((group) => findMembers(source, group, signal)),
  ];
  for (const part of await Promise.all(reads)) {
    collect(into, part);
    showMembers(sieve, part.resources);
  }
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

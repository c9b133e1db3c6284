import type { Diagnostic } from "../../../model/diagnostic.ts";
import type { Json, JsonObject } from "../../../model/json.ts";
import type { KindSpec, StepDraft } from "../../../model/kind.ts";
import type { Declaration, ManifestEntry } from "../../../model/manifest.ts";
import type { Change } from "../../../model/plan.ts";
import type { ChildMode } from "../../../model/resource.ts";
import { chatCall, type Dialect } from "../dialects/dialect.ts";
import { isFreeToMark } from "../marks.ts";
import { guardAdmins } from "./admins.ts";
import { type BodyShape, createBody, updateBody, writtenNames } from "./body.ts";
import { bulkCost, givenBulk } from "./bulk.ts";
import { checkCarried, checkPrivate, checkRequired, problem } from "./change.ts";
import { lowerAttribute, plainProtect, sortTags, takeSecret, toLowerId } from "./declare.ts";
import { checkSizes } from "./limits.ts";
import { oncePerChange } from "./once.ts";
import { reversalOfWrite } from "./reversal.ts";
import { SCOPE_LISTS, type Scope } from "./scopes.ts";
import { SYSTEM_USER } from "./user.ts";

/** Groups of an app, with the members they declare. */
export function createGroup(dialect: Dialect): KindSpec {
  const shape: BodyShape = {
    markIn: dialect.markIn["group"],
    unset: ["icon", "description", "metadata"],
  };
  const draftOf = oncePerChange((change) => draft(change, dialect, shape));
  return {
    name: "group",
    section: "groups",
    refersTo: ["user"],
    keyed: ["metadata"],
    resent: [],
    markable: true,
    adoptable: ({ attributes }, live) =>
      attributes["metadata"] !== undefined || isFreeToMark(shape.markIn, live),
    toKey: toLowerId,
    declare: declareGroup,
    references({ owner }, guid) {
      if (typeof owner !== "string" || owner === SYSTEM_USER) return [];
      return [
        { attribute: "owner", address: `user/${owner}` },
        // The new owner must be in the group before the hand-over, the old one stays until after it.
        { attribute: "owner", address: `membership/${guid}:${owner}`, pins: true },
      ];
    },
    implies({ owner }, guid, declared) {
      if (typeof owner !== "string" || owner === SYSTEM_USER) return [];
      const wanted = declared["owner"] !== undefined;
      const attributes = { scope: "admin" };
      return [{ kind: "membership", key: `${guid}:${owner}`, attributes, wanted }];
    },
    check(change) {
      if (change.action === "delete") return [];
      const calls = draftOf(change).map(({ call }) => call);
      return [
        ...checkRequired(change, ["name"]),
        ...checkPassword(change),
        ...checkCarried(change, dialect),
        ...checkSizes(change, calls),
        ...checkPrivate(change, {
          isWritten: writtenNames(change, shape).has("metadata"),
          isLikely: false,
        }),
      ];
    },
    guard: guardAdmins,
    reversal(change) {
      if (change.action === "delete") return "irreversible";
      return isOpened(change) ? "lossy" : reversalOfWrite(change);
    },
    draft: draftOf,
    cost(change) {
      if (change.action !== "create") return [{ calls: 1 }];
      return [{ calls: 1, ...bulkCost("groups", draftOf(change)[0]?.bulk) }];
    },
  };
}

/** A group that becomes a password group needs a password, or nobody can join it. */
function becomesClosed({ attributes }: Change): boolean {
  return attributes.some(({ path, after }) => path === "type" && after === "password");
}

/** A group that stops being a password group forgets its password, which cannot be read. */
function isOpened({ attributes }: Change): boolean {
  return attributes.some(({ path, before }) => path === "type" && before === "password");
}

function checkPassword(change: Change): Diagnostic[] {
  if (!becomesClosed(change) || change.planned["password"] !== undefined) return [];
  return [
    problem(change, {
      code: "attribute/required",
      summary: `${change.address} becomes a password group and has no password`,
      hint: "Add password: ${NAME} to it in the manifest, and set NAME in the environment.",
    }),
  ];
}

function draft(change: Change, dialect: Dialect, shape: BodyShape): StepDraft[] {
  const { action, key } = change;
  if (action === "delete") return [{ call: chatCall("DELETE", ["groups", key], null) }];
  if (action === "create") {
    // The type is sent even where its documented default would do: sources disagree about it.
    const body = { guid: key, type: "public", ...createBody(change, shape) };
    const call = chatCall("POST", ["groups"], body, "core");
    return [{ call, ...givenBulk(dialect.imports?.group(key, body)) }];
  }
  const isClosed = change.attributes.some(
    ({ path, after }) => path === "type" && after === "password",
  );
  const hasPassword = change.planned["password"] !== undefined;
  const also = isClosed && hasPassword ? ["password"] : [];
  return [{ call: chatCall("PUT", ["groups", key], updateBody(change, shape, also)) }];
}

function declareGroup({ id, attributes, policy }: ManifestEntry): Declaration[] {
  const guid = toLowerId(id);
  const { members, ...own } = attributes;
  const open = takeSecret(lowerAttribute(sortTags(plainProtect(own)), "owner"), "password");
  const split = takeSecret(open.attributes, "metadata.@private");
  const secrets = { ...open.secrets, ...split.secrets };
  const group = { kind: "group", key: guid, path: [], attributes: split.attributes, secrets };
  if (members === undefined) return [group];
  const { mode, ...lists } = members as JsonObject;
  const children: ChildMode = mode === undefined ? policy.members : (mode as ChildMode);
  return [
    { ...group, children },
    ...SCOPE_LISTS.flatMap((scope) => declareMembers(guid, lists, scope)),
  ];
}

function declareMembers(
  guid: string,
  lists: JsonObject,
  [scope, list]: readonly [Scope, string],
): Declaration[] {
  const uids = (lists[list] ?? []) as readonly Json[];
  return uids.flatMap((uid, index) => {
    const key = toLowerId(String(uid));
    if (key === SYSTEM_USER) return [];
    const path = ["members", list, String(index)];
    return [{ kind: "membership", key: `${guid}:${key}`, attributes: { scope }, path }];
  });
}

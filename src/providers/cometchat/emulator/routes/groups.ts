import { shownGroup } from "../group-view.ts";
import { removeGroup, requireClearance, requireGroup, setOwner } from "../groups.ts";
import { isJsonObject, type JsonObject, metadataOf, textOf, textsOf } from "../json.ts";
import { addMembers, join, type NamedMembers, namedMembers } from "../membership.ts";
import { pageOf } from "../page.ts";
import { ApiRefusal, invalidAttribute, refused } from "../refusal.ts";
import { ack, type Call, type Dialect } from "../route.ts";
import {
  address,
  check,
  metadata,
  objectLike,
  oneOf,
  type Rules,
  storedId,
  tags,
  text,
  textsOutOf,
} from "../rules.ts";
import { type GroupType, type StoredGroup, systemUid } from "../state.ts";
import { activeUser } from "../user-lifecycle.ts";
import { groupRows } from "./group-filter.ts";

const nameRules: Rules = {
  name: text(100, 1),
  icon: address(3000),
  description: text(255),
  metadata,
  owner: text(100, 1),
  tags,
  unset: textsOutOf("icon", "description", "metadata"),
};

const typeRules: Rules = { type: oneOf("public", "private", "password"), password: text(100) };

const createRules: Rules = { guid: text(100, 1), ...nameRules, ...typeRules, members: objectLike };

const updateRules: Readonly<Record<Dialect, Rules>> = {
  vendor: { ...nameRules, ...typeRules },
  collection: nameRules,
};

/** `GET /groups` */
export function listGroups(call: Call): JsonObject {
  const withTags = call.world.dialect === "collection" || call.query.flag("withTags");
  return pageOf(
    call,
    groupRows(call),
    (group) => shownGroup(group, { withTags, viewer: call.actor }),
    (group) => group.updatedAt,
  );
}

/** `POST /groups`; a type is required, though another page calls it optional (documented both ways). */
export function createGroup(call: Call): JsonObject {
  const group = newGroup(call, call.now);
  const owner = call.actor ?? declaredOwner(call) ?? systemUid;
  const named = membersToAdd(call, owner);
  placeGroup(call, group, owner);
  const results = named === undefined ? {} : addMembers(call, group, named);
  const shown = shownGroup(group, { withTags: true, viewer: owner });
  return { data: Object.keys(results).length === 0 ? shown : { ...shown, members: results } };
}

/**
 * The group that a body describes under the rules of `POST /groups`, not yet stored.
 *
 * @throws ApiRefusal if the body breaks them, or the guid is taken.
 */
export function newGroup(call: Call, createdAt: number): StoredGroup {
  check(call.body, createRules, ["guid", "name", "type"]);
  const group: StoredGroup = {
    guid: requireFreeGuid(call),
    name: "",
    type: "public",
    hasPassword: false,
    icon: "",
    description: "",
    metadata: {},
    tags: [],
    owner: systemUid,
    createdAt,
    updatedAt: call.now,
    members: new Map(),
    parked: new Map(),
    banned: new Map(),
  };
  writeType(call, group);
  write(call, group);
  return group;
}

/** Stores a new group, and makes its owner an admin (documented by example). */
export function placeGroup(call: Call, group: StoredGroup, owner: string): void {
  setOwner(call, group, owner);
  call.state.groups.set(group.guid, group);
  if (owner !== systemUid) join(call.state, group, owner, "admin", call.now);
}

/** `GET /groups/{guid}` */
export function getGroup(call: Call): JsonObject {
  return { data: shownGroup(requireGroup(call), { withTags: true, viewer: call.actor }) };
}

/** `PUT /groups/{guid}` */
export function updateGroup(call: Call): JsonObject {
  const group = requireGroup(call);
  requireClearance(call, group, "moderator");
  check(call.body, updateRules[call.world.dialect]);
  const owner = nextOwner(call, group);
  if (call.world.dialect === "vendor") writeType(call, group);
  write(call, group);
  if (owner !== undefined) setOwner(call, group, owner);
  group.updatedAt = call.now;
  return { data: shownGroup(group, { withTags: true, viewer: call.actor }) };
}

/** `DELETE /groups/{guid}` */
export function deleteGroup(call: Call): JsonObject {
  const group = requireGroup(call);
  requireClearance(call, group, "admin");
  removeGroup(call, group);
  return ack(`Group with guid ${group.guid} has been deleted successfully.`);
}

function requireFreeGuid(call: Call): string {
  const guid = storedId(textOf(call.body, "guid") ?? "");
  if (guid === undefined) throw invalidAttribute("guid", "The guid format is invalid.");
  if (call.state.groups.has(guid)) {
    throw refused("ERR_GUID_ALREADY_EXISTS", `The group with GUID ${guid} already exists.`);
  }
  return guid;
}

/**
 * The owner that a body names, in lower case.
 *
 * @throws ApiRefusal if there is no such user, or it is deactivated.
 */
export function declaredOwner(call: Call): string | undefined {
  const owner = textOf(call.body, "owner")?.toLowerCase();
  if (owner === undefined || owner === systemUid) return owner;
  if (activeUser(call.state, owner) === undefined) {
    throw invalidAttribute("owner", `The user with UID ${owner} does not exist.`);
  }
  return owner;
}

function nextOwner(call: Call, group: StoredGroup): string | undefined {
  // Documented and seen: where a user acts, the attribute is silently ignored.
  const owner = call.actor === undefined ? declaredOwner(call) : undefined;
  const isIn = owner === undefined || owner === systemUid || group.members.has(owner);
  // Whether a new owner must be a member is not documented; the emulator insists.
  if (!isIn) throw invalidAttribute("owner", `The user ${owner} is not a member of the group.`);
  return owner;
}

function membersToAdd(call: Call, owner: string): NamedMembers | undefined {
  const { body, world } = call;
  const members = body["members"];
  if (members === undefined) return undefined;
  if (world.dialect === "collection") {
    throw invalidAttribute("members", "The members field is not accepted here.");
  }
  return isJsonObject(members) ? namedMembers(members, owner) : undefined;
}

function writeType(call: Call, group: StoredGroup): void {
  const { body } = call;
  const type = (textOf(body, "type") as GroupType | undefined) ?? group.type;
  const password = textOf(body, "password");
  const hasPassword = password === undefined ? group.hasPassword : password !== "";
  if (type === "password" && !hasPassword) {
    throw new ApiRefusal(400, "ERR_EMPTY_GROUP_PASS", "A password group needs a password.");
  }
  group.type = type;
  group.hasPassword = hasPassword;
}

function write(call: Call, group: StoredGroup): void {
  const { body } = call;
  group.name = textOf(body, "name") ?? group.name;
  group.icon = textOf(body, "icon") ?? group.icon;
  group.description = textOf(body, "description") ?? group.description;
  group.tags = textsOf(body, "tags") ?? group.tags;
  group.metadata = metadataOf(body, group.metadata);
  const unset = textsOf(body, "unset") ?? [];
  if (unset.includes("icon")) group.icon = "";
  if (unset.includes("description")) group.description = "";
  if (unset.includes("metadata")) group.metadata = {};
}

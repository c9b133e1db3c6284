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
  const { state, body, now } = call;
  check(body, createRules, ["guid", "name", "type"]);
  const guid = requireFreeGuid(call);
  const owner = call.actor ?? declaredOwner(call) ?? systemUid;
  const named = membersToAdd(call, owner);
  const group: StoredGroup = {
    guid,
    name: "",
    type: "public",
    hasPassword: false,
    icon: "",
    description: "",
    metadata: {},
    tags: [],
    owner: systemUid,
    createdAt: now,
    updatedAt: now,
    members: new Map(),
    parked: new Map(),
  };
  writeType(call, group);
  write(call, group);
  setOwner(call, group, owner);
  state.groups.set(guid, group);
  if (owner !== systemUid) join(state, group, owner, "admin", now);
  const results = named === undefined ? {} : addMembers(call, group, named);
  const shown = shownGroup(group, { withTags: true, viewer: owner });
  return { data: Object.keys(results).length === 0 ? shown : { ...shown, members: results } };
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

function declaredOwner(call: Call): string | undefined {
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

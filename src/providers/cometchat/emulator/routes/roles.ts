import {
  isJsonObject,
  type JsonObject,
  metadataOf,
  shownMetadata,
  textOf,
  textsOf,
  withoutEmpties,
} from "../json.ts";
import { pageOf } from "../page.ts";
import { ApiRefusal, invalidAttribute, notFound, refused } from "../refusal.ts";
import { ack, type Call, type Dialect, idParam } from "../route.ts";
import {
  check,
  objectLike,
  oneOf,
  type Rules,
  storedId,
  text,
  texts,
  textsOutOf,
} from "../rules.ts";
import { defaultRole, type StoredRole } from "../state.ts";

const rolesMax = 25;

const rules: Readonly<Record<Dialect, Rules>> = {
  vendor: {
    role: text(100),
    name: text(100, 1),
    description: text(255),
    metadata: objectLike,
    settings: objectLike,
    unset: textsOutOf("settings", "description", "metadata"),
  },
  collection: {
    role: text(100),
    name: text(100, 1),
    description: text(255),
    permissions: texts(1000, 100),
    unset: textsOutOf("settings", "description", "metadata"),
  },
};

const settingsRules: Rules = {
  listUsers: oneOf("all", "friendsOnly"),
  sendMessagesTo: oneOf("all", "friendsOnly"),
};

/** `GET /roles` */
export function listRoles(call: Call): JsonObject {
  return pageOf(call, [...call.state.roles.values()], (role) => shownRole(call, role));
}

/** `POST /roles` */
export function createRole(call: Call): JsonObject {
  const { state, body, now } = call;
  check(body, rules[call.world.dialect], ["role", "name"]);
  const id = storedId(textOf(body, "role") ?? "");
  if (id === undefined) throw invalidAttribute("role", "The role format is invalid.");
  if (state.roles.has(id)) {
    // Neither code nor status is documented; other duplicates are told like this.
    throw new ApiRefusal(400, "ERR_ROLE_ALREADY_EXISTS", `The role ${id} already exists.`, {
      role: ["The role has already been taken."],
    });
  }
  if (state.roles.size >= rolesMax) {
    throw invalidAttribute("role", `An app may not have more than ${rolesMax} roles.`);
  }
  const role: StoredRole = {
    role: id,
    name: "",
    description: "",
    metadata: {},
    settings: {},
    permissions: [],
    createdAt: now,
    updatedAt: now,
  };
  write(call, role);
  state.roles.set(id, role);
  return { data: shownRole(call, role) };
}

/** `GET /roles/{role}` */
export function getRole(call: Call): JsonObject {
  return { data: shownRole(call, requireRole(call)) };
}

/** `PUT /roles/{role}` */
export function updateRole(call: Call): JsonObject {
  const role = requireRole(call);
  // The collection's request schema is the one of creation, with its required attributes.
  const required = call.world.dialect === "collection" ? ["role", "name"] : [];
  check(call.body, rules[call.world.dialect], required);
  if (required.length > 0 && textOf(call.body, "role")?.toLowerCase() !== role.role) {
    throw invalidAttribute("role", "The role cannot be changed.");
  }
  write(call, role);
  role.updatedAt = call.now;
  return { data: shownRole(call, role) };
}

/** `DELETE /roles/{role}` */
export function deleteRole(call: Call): JsonObject {
  const { role } = requireRole(call);
  if (role === defaultRole) {
    throw refused("ERR_ROLE_DELETE_DENIED", "The default role cannot be deleted.");
  }
  for (const user of call.state.users.values()) {
    if (user.role === role && user.deactivatedAt === 0) {
      throw refused("ERR_ROLE_DELETE_FAILED", `The role ${role} is assigned to users.`);
    }
  }
  call.state.roles.delete(role);
  return ack(`Role ${role} has been deleted successfully.`);
}

function requireRole(call: Call): StoredRole {
  const id = idParam(call, "role");
  const role = call.state.roles.get(id);
  if (role === undefined) throw notFound("ERR_ROLE_NOT_FOUND", `The role ${id} does not exist.`);
  return role;
}

function write(call: Call, role: StoredRole): void {
  const { body } = call;
  const isVendor = call.world.dialect === "vendor";
  const settings = isVendor && body["settings"] !== undefined ? storedSettings(body) : undefined;
  const unset = textsOf(body, "unset") ?? [];
  role.name = textOf(body, "name") ?? role.name;
  role.description = textOf(body, "description") ?? role.description;
  if (isVendor) role.metadata = metadataOf(body, role.metadata);
  if (settings !== undefined) role.settings = settings;
  if (!isVendor) role.permissions = textsOf(body, "permissions") ?? role.permissions;
  if (unset.includes("description")) role.description = "";
  if (unset.includes("metadata")) role.metadata = {};
  if (unset.includes("settings")) role.settings = {};
}

function storedSettings(body: JsonObject): JsonObject {
  const settings = isJsonObject(body["settings"]) ? body["settings"] : {};
  check(settings, settingsRules);
  return withoutEmpties({
    listUsers: settings["listUsers"],
    sendMessagesTo: settings["sendMessagesTo"],
  });
}

function shownRole(call: Call, role: StoredRole): JsonObject {
  const shown = withoutEmpties({
    role: role.role,
    name: role.name,
    description: role.description,
    metadata: shownMetadata(role.metadata),
    permissions: role.permissions,
  });
  if (call.world.dialect === "vendor") {
    // Documented by example: no settings at all come as an empty PHP array.
    shown["settings"] = Object.keys(role.settings).length === 0 ? [] : role.settings;
  }
  shown["createdAt"] = role.createdAt;
  shown["updatedAt"] = role.updatedAt;
  return shown;
}

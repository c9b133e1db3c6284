import { writeFileSync } from "node:fs";
import { join } from "node:path";

const roleCount = 4;
/** One in so many users and groups gets another name when a part of the world changes. */
const changedEach = 100;

/**
 * The world of so many objects, always the same for the same number: four roles, three fifths users, a tenth
 * groups, memberships for the rest. `version` tells the names of the hundredth part that changes.
 */
export function createWorld(count, version = 0) {
  const userCount = Math.round(count * 0.6);
  const groupCount = Math.round(count * 0.1);
  const memberCount = Math.max(0, count - roleCount - userCount - groupCount);
  const roles = numbered(roleCount, (n) => ({ role: `role-${n}`, name: `Role ${n}` }));
  const users = numbered(userCount, (n) => ({
    uid: `user-${padded(n)}`,
    name: `User ${n}${suffix(n, version)}`,
    ...(n % 4 === 0 ? { role: `role-${(n % roleCount) + 1}` } : {}),
  }));
  const groups = numbered(groupCount, (n) => ({
    guid: `group-${padded(n)}`,
    name: `Group ${n}${suffix(n, version)}`,
    owner: uidAt(users, n * 5),
  }));
  const members = numbered(memberCount, (n) => ({
    guid: groups[n % groupCount].guid,
    // Never the owner: those are at multiples of five.
    uid: uidAt(users, (n % groupCount) * 5 + 7 + Math.floor(n / groupCount) * 5),
    scope: "participant",
  }));
  return { count, roles, users, groups, members };
}

/** A world of users alone. */
export function createUsers(count) {
  const users = numbered(count, (n) => ({ uid: `user-${padded(n)}`, name: `User ${n}` }));
  return { count, roles: [], users, groups: [], members: [] };
}

/** How many objects differ between two versions of a world. */
export function changedCount({ users, groups }) {
  return Math.ceil(users.length / changedEach) + Math.ceil(groups.length / changedEach);
}

/** The calls that create a world one by one, with as many members to a call as the dialect's calls take. */
export function createCalls({ roles, users, groups, members }, dialect) {
  const joined = dialect === "vendor" ? 0 : new Set(members.map(({ guid }) => guid)).size;
  return roles.length + users.length + groups.length + joined;
}

/** The reads of a plan in which nothing is left out: the probe, and each listing to its short page. */
export function planReads({ roles, users, groups }, dialect) {
  const size = dialect === "vendor" ? 1_000 : 100;
  const pages = (rows) => Math.floor(rows / size) + 1;
  // The role `default` is listed too, and no group has a second page of members.
  return 1 + pages(roles.length + 1) + pages(users.length) + pages(groups.length) + groups.length;
}

/** Writes a world as a manifest and as the JSON that a script would keep; gives both paths. */
export function writeWorld(folder, name, world) {
  const manifest = join(folder, `${name}.yaml`);
  const json = join(folder, `${name}.json`);
  writeFileSync(manifest, toManifest(world));
  writeFileSync(json, JSON.stringify(world));
  return { manifest, json };
}

/** A world as a manifest; with `null` for a stack it marks nothing. */
export function toManifest({ roles, users, groups, members }, stack = "bench") {
  const joined = byGroup(members);
  return [
    "version: 1",
    ...(stack === null ? [] : [`stack: ${stack}`]),
    ...section("roles", roles, ({ role, name }) => `  ${role}: { name: ${name} }`),
    ...section("users", users, toUserLine),
    ...section("groups", groups, ({ guid, name, owner }) => {
      const uids = (joined.get(guid) ?? []).map(({ uid }) => uid).join(", ");
      return `  ${guid}:\n    name: ${name}\n    owner: ${owner}\n    members: { participants: [${uids}] }`;
    }),
    "",
  ].join("\n");
}

function toUserLine({ uid, name, role }) {
  return `  ${uid}: { name: ${name}${role === undefined ? "" : `, role: ${role}`} }`;
}

function section(name, rows, toLine) {
  return rows.length === 0 ? [] : [`${name}:`, ...rows.map(toLine)];
}

function byGroup(members) {
  const groups = new Map();
  for (const member of members) {
    const own = groups.get(member.guid);
    if (own === undefined) groups.set(member.guid, [member]);
    else own.push(member);
  }
  return groups;
}

function numbered(count, toRow) {
  return Array.from({ length: count }, (_, n) => toRow(n));
}

function padded(n) {
  return String(n).padStart(7, "0");
}

function suffix(n, version) {
  return n % changedEach === 0 && version > 0 ? ` of version ${version}` : "";
}

function uidAt(users, n) {
  return users[n % users.length].uid;
}

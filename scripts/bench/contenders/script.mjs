// What somebody would write today: read everything, create what is missing, write what is there, one call each.
import { readFileSync } from "node:fs";
import { Agent } from "node:http";
import got from "got";
import pLimit from "p-limit";
import { tell } from "./dispatch.mjs";

const { baseUrl, apiKey, dialect, concurrency, world } = JSON.parse(
  readFileSync(process.argv[2], "utf8"),
);
const { roles, users, groups, members } = JSON.parse(readFileSync(world, "utf8"));
const agent = { http: new Agent({ keepAlive: true, maxSockets: concurrency }) };
const api = got.extend({
  agent,
  prefixUrl: baseUrl,
  headers: { apikey: apiKey },
  responseType: "json",
  resolveBodyOnly: true,
  // got waits as long as Retry-After says.
  retry: { limit: 10, methods: ["GET", "POST", "PUT"], statusCodes: [429, 502, 503, 504] },
});
const limit = pLimit(concurrency);
const perPage = dialect === "vendor" ? 1_000 : 100;

const startMs = performance.now();
const liveRoles = idsOf(await list("roles"), "role");
const liveUsers = idsOf(await list("users"), "uid");
const liveGroups = idsOf(await list("groups"), "guid");
const liveMembers = new Map();
await each(
  groups.filter(({ guid }) => liveGroups.has(guid)),
  async ({ guid }) => liveMembers.set(guid, idsOf(await list(`groups/${guid}/members`), "uid")),
);

await each(roles, ({ role, ...rest }) => write("roles", role, { role, ...rest }, liveRoles));
await each(users, ({ uid, ...rest }) => write("users", uid, { uid, ...rest }, liveUsers));
await each(groups, ({ guid, name, owner }) => {
  if (liveGroups.has(guid)) return api.put(`groups/${guid}`, { json: { guid, name } });
  return api.post("groups", { json: { guid, name, owner, type: "public" } });
});
// Members that are there stay as they are: a scope that is what it was is refused.
await each(
  members.filter(({ guid, uid }) => !liveMembers.get(guid)?.has(uid)),
  ({ guid, uid }) => api.post(`groups/${guid}/members`, { json: { participants: [uid] } }),
);
tell({ innerMs: performance.now() - startMs, failed: 0 });
agent.http.destroy();

async function list(path) {
  const rows = [];
  for (let page = 1; ; page += 1) {
    const { data } = await api.get(path, { searchParams: { page, perPage } });
    rows.push(...data);
    if (data.length < perPage) return rows;
  }
}

function idsOf(rows, id) {
  return new Set(rows.map((row) => row[id]));
}

function each(rows, work) {
  return limit.map(rows, work);
}

function write(section, id, json, live) {
  return live.has(id) ? api.put(`${section}/${id}`, { json }) : api.post(section, { json });
}

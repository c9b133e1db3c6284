import { describe, expect, test } from "vitest";
import { apply } from "../../../src/apply.ts";
import type { HttpReply, Transport } from "../../../src/providers/http/transport.ts";
import { connectTo, createApp } from "../../support/in-process.ts";
import { load, planIt } from "../../support/manifest.ts";

const MANIFEST = {
  version: 1,
  stack: "acme",
  roles: { vip: { name: "VIP" } },
  users: { ann: { name: "Ann", role: "vip" }, bob: { name: "Bob" } },
  groups: { den: { name: "Den", owner: "ann", members: { participants: ["bob"] } } },
};

function refusal(status: number, code: string): HttpReply {
  return { status, headers: {}, text: JSON.stringify({ error: { code, message: "no" } }) };
}

/** What is reported when every such request is answered like this. */
async function reported(request: string, answer: HttpReply) {
  const app = createApp("vendor");
  const transport: Transport = (sent) => {
    const name = `${sent.method} ${new URL(sent.url).pathname}`;
    return name === request ? Promise.resolve(answer) : app.transport(sent);
  };
  const bulk = request.includes("data_import") ? "auto" : "off";
  const plan = await planIt(await connectTo(app), load(MANIFEST), "apply", { bulk });
  const session = await connectTo(app, { transport });
  const timer = { nowMs: () => 0, sleep: async () => undefined };
  return apply({ plan, secrets: new Map(), session, concurrency: 4, timer });
}

describe("whatever is not applied says what to do", () => {
  test.each<[string, number, string, RegExp]>([
    ["POST /v3/users", 400, "ERR_BAD_REQUEST", /^The service does not take these values.*apply/],
    ["POST /v3/users", 400, "ERR_UID_ALREADY_EXISTS", /^Somebody else has created it/],
    ["POST /v3/users", 404, "ERR_ROLE_NOT_FOUND", /^The role was deleted while we worked/],
    ["POST /v3/users", 401, "AUTH_ERR_APIKEY_NOT_FOUND", /REST API Key/],
    ["POST /v3/users", 403, "AUTH_ERR_NO_ACCESS", /./],
    ["POST /v3/users", 404, "ERR_API_NOT_FOUND", /--base-url/],
    ["POST /v3/users", 500, "ERR_EXCEPTION", /--resume/],
    ["POST /v3/users", 408, "ERR_TIMEOUT", /--resume/],
    ["POST /v3/users", 418, "ERR_NEVER_HEARD_OF", /^The service refuses it\./],
    ["POST /v3/users", 404, "ERR_NEVER_HEARD_OF", /Run plan/],
    ["POST /v3/data_import/users", 400, "ERR_PLAN_RESTRICTION", /--bulk off/],
    ["POST /v3/data_import/users", 404, "ERR_API_NOT_FOUND", /--bulk off/],
    ["POST /v3/data_import/users", 500, "ERR_EXCEPTION", /--resume/],
    ["POST /v3/groups", 400, "ERR_NO_VACANCY", /^The group is full/],
    ["POST /v3/groups", 404, "ERR_UID_NOT_FOUND", /^The app has no such user/],
    ["POST /v3/roles", 400, "ERR_PLAN_RESTRICTION", /subscription/],
  ])("%s answered %i %s", async (request, status, code, hint) => {
    const { outcomes } = await reported(request, refusal(status, code));
    const troubles = outcomes.filter((outcome) => outcome.status !== "applied");
    expect(troubles.length).toBeGreaterThan(0);
    for (const { address, error } of troubles) {
      expect(error?.hint, address).toMatch(/^[A-Z].*\.$|^cometform apply --resume.*\.$/);
    }
    expect(troubles.find(({ error }) => error?.code === code)?.error?.hint).toMatch(hint);
    const followers = troubles.filter(({ status: own }) => own === "skipped");
    for (const { error } of followers) expect(error?.hint).toMatch(/^It follows by itself/);
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { fillSecrets, type Secrets } from "../../src/executor/secrets.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { type ApiCall, isApplicable, type Plan, type Step } from "../../src/model/plan.ts";
import { secretsIn } from "../../src/model/secret.ts";
import type { Session } from "../../src/providers/provider.ts";
import { SECRET } from "../support/chaos/scene.ts";
import { withSecrets } from "../support/chaos/secrets.ts";
import { connectTo } from "../support/in-process.ts";
import { load } from "../support/manifest.ts";
import { planAsked } from "../support/trust/plan-asked.ts";
import { comesBack, raise } from "../support/trust/play.ts";
import { toRequest } from "../support/world/requests.ts";
import { type World, world } from "../support/world.ts";

const WORLDS = Number(process.env["COMETFORM_WORLDS"] ?? 200);

/** How the rows of a call stand, and how they should: one line for each that is otherwise. */
async function compare(
  { writer }: Session,
  { id, call, changes }: Step,
  expected: (address: string) => readonly string[],
): Promise<string[]> {
  const standings = await writer.look(call, changes);
  return changes.flatMap((address) => {
    const standing = standings.get(address) ?? "not looked at";
    const isSo = expected(address).includes(standing);
    return isSo ? [] : [`${id} ${call.method} ${call.path} ${address}: ${standing}`];
  });
}

/** Whether a call rewrites something together with what nobody can read. */
function isUntold({ method, body }: ApiCall): boolean {
  return method === "PUT" && secretsIn(body).length > 0;
}

/** Whether the service makes a new one each time. */
function isRepeating({ method, host, path }: ApiCall): boolean {
  return method === "POST" && host === "chat" && path === "/webhooks";
}

/** What is sent again with a reactivation may have been so before. */
function isResent({ changes }: Plan, { method, path }: ApiCall, address: string): boolean {
  const isBack = changes.some((one) => one.address === address && one.action === "reactivate");
  return isBack && method === "PUT" && path.startsWith("/users/");
}

function before(plan: Plan, { call }: Step): (address: string) => readonly string[] {
  return (address) => {
    if (isRepeating(call)) return ["untold"];
    const isBlind = plan.changes.some((one) => one.address === address && one.blind === true);
    if (isBlind || comesBack(plan, address)) return ["undone", "different", "done"];
    if (isUntold(call)) return ["undone", "untold"];
    return isResent(plan, call, address) ? ["undone", "done"] : ["undone"];
  };
}

function after(plan: Plan, { call }: Step): (address: string) => readonly string[] {
  return (address) => {
    if (isUntold(call)) return ["untold"];
    const isBlind = plan.changes.some((one) => one.address === address && one.blind === true);
    return isBlind || comesBack(plan, address) ? ["done", "different"] : ["done"];
  };
}

async function send({ writer }: Session, { call, changes }: Step, secrets: Secrets): Promise<void> {
  const body = call.body === null ? null : (fillSecrets(call.body, secrets) as JsonObject);
  await writer.send({ ...call, body }, changes);
}

async function checkWorld(one: World, tally: Map<string, number>): Promise<void> {
  const session = await connectTo(await raise(one));
  const loaded = load(one.manifest, { SECRET });
  const { secrets } = loaded.desired;
  const request = { ...toRequest(one.asked), writeSecrets: new Set(secrets.keys()) };
  const plan = await planAsked(session, loaded, request);
  if (!isApplicable(plan)) return;
  for (const step of plan.steps) {
    expect(await compare(session, step, before(plan, step)), "before it is sent").toEqual([]);
    await send(session, step, secrets);
    expect(await compare(session, step, after(plan, step)), "once it was sent").toEqual([]);
    const { method, path } = step.call;
    const shape = `${one.dialect} ${method} ${path.split("/").length} ${step.changes[0]?.split("/")[0]}`;
    tally.set(shape, (tally.get(shape) ?? 0) + 1);
  }
}

test(`every call of ${WORLDS} random worlds shows as not done before it is sent, and as done afterwards`, async () => {
  const tally = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(world, fc.boolean(), (one, hasSecrets) =>
      checkWorld(hasSecrets ? withSecrets(one) : one, tally),
    ),
    { numRuns: WORLDS },
  );
  expect(tally.size, "every shape of call comes up").toBeGreaterThan(25);
});

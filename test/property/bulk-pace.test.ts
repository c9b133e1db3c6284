import { describe, expect, test } from "vitest";
import { apply } from "../../src/apply.ts";
import { createEmulator } from "../../src/providers/cometchat/emulator/index.ts";
import { connectTo, toTransport } from "../support/in-process.ts";
import { load, planIt } from "../support/manifest.ts";
import { createVirtualTime } from "../support/rivals/virtual-time.ts";

/*
 * Ten thousand users on the free plan, as fast as its quotas let anybody: 500 creates a minute and 60
 * imports of 50 rows. Nothing is said of the quotas; the client learns them from the replies.
 */

const USERS = 10_000;
const CORE = 500;
const IMPORTS = 60;
const ROWS = 50;
const MINUTE_MS = 60_000;
const LATENCY_MS = 100;
/** When the emulator's clock starts, in milliseconds since 1970. */
const START_MS = 1_700_000_000_000;

/** The fewest minutes in which the quotas let so many creates through. */
function fewestMinutes(creates: number, share: number): number {
  return Math.ceil(creates / (Math.floor(CORE * share) + IMPORTS * ROWS));
}

/** Creates users in an empty app, and tells how long that took and what the app counted. */
async function create(users: number, quotaShare: number) {
  const time = createVirtualTime();
  const clock = { nowMs: () => START_MS + time.clock.nowMs() };
  const emulator = createEmulator({ dialect: "vendor", quota: "build", clock });
  const transport = toTransport(emulator);
  const app = { dialect: "vendor" as const, emulator, transport };
  const session = await time.until(
    connectTo(app, {
      quotaShare,
      clock: time.clock,
      wallMs: clock.nowMs,
      transport: async (request) => {
        await time.sleep(LATENCY_MS / 2);
        const reply = await time.now(() => transport(request));
        await time.sleep(LATENCY_MS / 2);
        return reply;
      },
    }),
  );
  const entries = Array.from({ length: users }, (_, i) => [`user-${i}`, { name: `User ${i}` }]);
  const loaded = load({ version: 1, stack: "acme", users: Object.fromEntries(entries) });
  const plan = await time.until(planIt(session, loaded));
  let writtenMs = 0;
  const startMs = time.clock.nowMs();
  const { timer } = time;
  const note = (): void => {
    writtenMs = time.clock.nowMs() - startMs;
  };
  const report = await time.until(
    apply({
      ...{ plan, session, timer, secrets: loaded.desired.secrets, concurrency: 16 },
      random: () => 0,
      recorder: {
        note: ({ type }) => (type === "outcome" ? note() : undefined),
        intend: async () => {},
      },
    }),
  );
  const log = emulator.log().filter(({ method }) => method !== "GET");
  const count = (status: number, quota: string): number =>
    log.filter((entry) => entry.status === status && entry.quota === quota).length;
  return { plan, report, writtenMs, count };
}

describe("ten thousand users on the free plan, of whose quotas nothing was said", () => {
  test.each([0.8, 1])(
    "take the minutes that its quotas ask for, and hardly more, at a share of %d",
    async (share) => {
      const minutes = fewestMinutes(USERS, share);
      const floorMs = (minutes - 1) * MINUTE_MS;
      const { plan, report, writtenMs, count } = await create(USERS, share);
      expect(plan.calls.split).toMatchObject({ minutes });
      expect(report).toMatchObject({ converged: true, summary: { applied: USERS } });
      expect(writtenMs).toBeGreaterThanOrEqual(floorMs);
      expect(writtenMs).toBeLessThanOrEqual(1.05 * floorMs);
      expect([count(200, "import"), count(200, "core")]).toEqual([
        plan.calls.import,
        plan.calls.core,
      ]);
      expect([count(429, "import"), count(429, "core")]).toEqual([0, 0]);
    },
  );
});

import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { createGate } from "../../../src/providers/http/gate.ts";
import { RateLimiter } from "../../../src/providers/http/rate-limiter.ts";
import { createFakeClock } from "../../support/fake-clock.ts";

function setUp(limit: number, concurrency = 100) {
  const clock = createFakeClock();
  const assumed = { core: limit, standard: limit };
  const gate = createGate(new RateLimiter({ assumed, share: 1, concurrency }), clock);
  const log: string[] = [];
  const go = async (name: string, quota = "core", signal?: AbortSignal) => {
    const leave = await gate.enter(quota, signal);
    log.push(`${name} at ${clock.nowMs()}`);
    return leave;
  };
  return { clock, gate, log, go };
}

describe("the gate", () => {
  test("lets calls out in the order in which they asked", async () => {
    const { clock, log, go } = setUp(1);
    const all = ["a", "b", "c"].map(async (name) => {
      const leave = await go(name);
      leave();
    });
    await clock.advance(180_000);
    await Promise.all(all);
    expect(log).toEqual(["a at 0", "b at 60001", "c at 120002"]);
  });

  test("lets a waiting call out when one under way ends", async () => {
    const { clock, log, go } = setUp(10, 1);
    const leave = await go("a");
    void go("b", "standard");
    await clock.advance(500);
    leave();
    await clock.advance(0);
    expect(log).toEqual(["a at 0", "b at 500"]);
  });

  test("gives a place in the queue back when the run is interrupted", async () => {
    const { clock, log, go } = setUp(1);
    const interruption = new AbortController();
    const leave = await go("a");
    const waiting = go("b", "core", interruption.signal);
    void go("c");
    interruption.abort(new Error("stop"));
    await expect(waiting).rejects.toThrow("stop");
    leave();
    await clock.advance(60_001);
    expect(log).toEqual(["a at 0", "c at 60001"]);
  });

  test("listens to a signal once, and only while somebody waits with it", async () => {
    const { clock, go } = setUp(1);
    const { signal } = new AbortController();
    const heard = () => getEventListeners(signal, "abort").length;
    (await go("a", "core", signal))();
    expect(heard()).toBe(0);
    const waiting = [go("b", "core", signal), go("c", "core", signal)];
    (await go("d", "standard", signal))();
    expect(heard()).toBe(1);
    await clock.advance(60_001);
    (await waiting[0])?.();
    expect(heard()).toBe(1);
    await clock.advance(60_001);
    (await waiting[1])?.();
    expect(heard()).toBe(0);
  });

  test("leaves no alarm behind when everybody who waited has gone", async () => {
    const { clock, go } = setUp(1);
    const interruption = new AbortController();
    (await go("a"))();
    const waiting = go("b", "core", interruption.signal);
    expect(clock.alarms()).toBe(1);
    interruption.abort(new Error("stop"));
    await expect(waiting).rejects.toThrow("stop");
    expect(clock.alarms()).toBe(0);
  });

  test("tells how many wait in each class, and how long the quota holds the next of them", async () => {
    const { clock, gate, go } = setUp(2);
    const pace = { limit: 2, allowance: 2, source: "assumed" };
    const idle = { quota: "standard", waiting: 0, waitMs: 0, ...pace };
    expect(gate.queues()).toEqual([{ ...idle, quota: "core" }, idle]);
    const leave = await go("a");
    const second = go("b");
    expect(gate.queues()[0], "no time is known").toMatchObject({ waiting: 1, waitMs: 0 });
    leave();
    await clock.advance(100);
    void go("c");
    void go("d");
    (await second)({ limit: 2, remaining: 0 });
    await clock.advance(900);
    expect(gate.queues()[0]).toEqual({
      quota: "core",
      waiting: 2,
      waitMs: 59_000,
      ...pace,
      source: "learnt",
    });
  });

  test("sleeps no longer than until it is interrupted", async () => {
    const { clock, gate } = setUp(1);
    const interruption = new AbortController();
    const sleeping = gate.sleep(1_000, interruption.signal);
    interruption.abort(new Error("stop"));
    await expect(sleeping).rejects.toThrow("stop");
    const slept = gate.sleep(1_000);
    await clock.advance(1_000);
    await expect(slept).resolves.toBeUndefined();
  });
});

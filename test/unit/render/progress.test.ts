import { expect, test } from "vitest";
import { RateLimiter } from "../../../src/providers/http/rate-limiter.ts";
import { waitText } from "../../../src/render/progress.ts";

/** What is said while a limiter waits that may use four fifths of 1,000 calls a minute. */
function textOf(limiter: RateLimiter): string {
  return waitText({ quota: "core", waiting: 1, waitMs: 12_000, ...limiter.pace("core") });
}

test("a wait tells the user's share, and after a refusal the pace that was cut, never as a share", () => {
  const limiter = new RateLimiter({ assumed: { core: 1_000 }, share: 0.8, concurrency: 16 });
  expect(textOf(limiter)).toBe("waiting for the core quota, 12 s (1,000 a minute, 80 % ours)");
  let nowMs = 0;
  for (let call = 0; call < 100; call += 1) {
    limiter.end(limiter.start("core", nowMs), nowMs + 10);
    nowMs += 20;
  }
  limiter.end(limiter.start("core", nowMs), nowMs + 10, { isRefused: true });
  const slowed = limiter.pace("core");
  expect(slowed).toMatchObject({ limit: 1_000, slowed: true });
  expect(slowed.allowance).toBeLessThan(800);
  const { allowance } = slowed;
  expect(textOf(limiter)).toBe(
    `waiting for the core quota, 12 s (slowed down to ${allowance} a minute after a refusal)`,
  );
});

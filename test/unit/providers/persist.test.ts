import { describe, expect, test } from "vitest";
import {
  type Asked,
  GIVE_UP_MS,
  type Persistence,
  persist,
} from "../../../src/providers/cometchat/persist.ts";
import { type HttpRequest, TransportError } from "../../../src/providers/http/transport.ts";

const ok = { status: 200, headers: {}, text: '{"data":[]}' };
const busy = { status: 503, headers: {}, text: "" };
const refused = { status: 429, headers: {}, text: "" };

/** Asks a service that answers this, one after the other, after so long at the gate each. */
async function ask(
  method: HttpRequest["method"],
  answers: readonly Asked["answer"][],
  { atGateMs = 0, onWireMs = 100 } = {},
) {
  let nowMs = 0;
  const timeouts: number[] = [];
  const persistence: Persistence = {
    hide: (text) => text,
    giveUpMs: GIVE_UP_MS,
    nowMs: () => nowMs,
    ask: async ({ timeoutMs }) => {
      nowMs += atGateMs + onWireMs;
      timeouts.push(timeoutMs);
      const answer = answers[timeouts.length - 1] ?? ok;
      return { answer, tookMs: onWireMs };
    },
    pause: async () => {
      nowMs += 500;
    },
    onRepeat: () => undefined,
  };
  const url = "https://app.example/v3/users";
  const request: HttpRequest = { method, url, headers: {}, timeoutMs: GIVE_UP_MS };
  const reply = await persist(persistence, request, "standard", `${method} /users`).catch(
    (error: Error) => error.message,
  );
  return { reply, timeouts };
}

describe("time in which a quota lets nothing out", () => {
  test("is no silence: a read is tried again after it, with all of its time", async () => {
    const { reply, timeouts } = await ask("GET", [refused, refused, busy], { atGateMs: 40_000 });
    expect(reply).toEqual({ data: [] });
    expect(timeouts).toEqual([15_000, 15_000, 15_000, 14_400]);
  });

  test("does not keep a write that never left from being sent again", async () => {
    const unsent = new TransportError("ECONNREFUSED", false);
    const { reply } = await ask("POST", [unsent, refused, unsent], { atGateMs: 60_000 });
    expect(reply).toEqual({ data: [] });
  });
});

test("a host that fails for as long as it may is given up", async () => {
  const { reply, timeouts } = await ask("GET", Array(50).fill(busy), { onWireMs: 3_000 });
  expect(reply).toContain("503");
  expect(timeouts).toEqual([15_000, 11_500, 8_000, 4_500]);
});

import {
  createEmulator,
  DroppedConnectionError,
  type Emulator,
} from "../../../src/providers/cometchat/emulator/index.ts";
import {
  type HttpReply,
  type HttpRequest,
  TransportError,
} from "../../../src/providers/http/transport.ts";
import type { DialectName, TestApp } from "../in-process.ts";
import type { SimulatedClock } from "./simulated-clock.ts";

/** An emulated app whose time is simulated, and what was sent to it. */
export interface FaultyApp extends TestApp {
  readonly clock: SimulatedClock;
  /** Requests in the order in which they were sent; what never left is not among them. */
  readonly sent: readonly HttpRequest[];
  /** Asks from now on of each request whether its connection is refused. */
  refuseWhen(isRefused: () => boolean): void;
  /** Says from now on when a request is sent. */
  watch(onSend: (request: HttpRequest) => void): void;
}

/** The query parameter that numbers requests from 1, so that the app's log tells which was which. */
export const NUMBER = "sent";

/** When the clocks of emulated apps start, in milliseconds since 1970. */
export const START_MS = 1_700_000_000_000;

/** An empty app, behind a transport that fails as the real one does. */
export function createFaultyApp(dialect: DialectName, clock: SimulatedClock): FaultyApp {
  const sent: HttpRequest[] = [];
  let isRefused = (): boolean => false;
  let onSend = (_: HttpRequest): void => undefined;
  const emulator = createEmulator({
    dialect,
    quota: "999999999",
    pageMax: 4,
    clock: { nowMs: () => START_MS + clock.nowMs() },
    wait: (ms) => clock.sleep(ms),
  });
  return {
    dialect,
    emulator,
    clock,
    sent,
    transport: async (request) => {
      if (isRefused()) throw new TransportError("ECONNREFUSED", false);
      sent.push(request);
      onSend(request);
      return inTime(exchange(emulator, request, sent.length), clock, request.timeoutMs);
    },
    refuseWhen(next) {
      isRefused = next;
    },
    watch(next) {
      onSend = next;
    },
  };
}

/** What comes back in time; the app goes on with the request all the same. */
function inTime(
  reply: Promise<HttpReply>,
  clock: SimulatedClock,
  timeoutMs: number,
): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(timeoutMs, () => reject(new TransportError("ETIMEDOUT", true)));
    reply.finally(cancel).then(resolve, reject);
  });
}

async function exchange(
  emulator: Emulator,
  { method, url, headers, body }: HttpRequest,
  number: number,
): Promise<HttpReply> {
  const numbered = new URL(url);
  numbered.searchParams.set(NUMBER, String(number));
  const init = { method, headers, ...(body === undefined ? {} : { body }) };
  const response = await emulator.fetch(new Request(numbered, init)).catch((error: unknown) => {
    throw error instanceof DroppedConnectionError ? new TransportError(error.code, true) : error;
  });
  const text = await response.text();
  const whole = response.headers.get("content-length");
  const isCut = whole !== null && Buffer.byteLength(text) < Number(whole);
  if (isCut) throw new TransportError("ECONNRESET", true);
  return { status: response.status, headers: Object.fromEntries(response.headers), text };
}

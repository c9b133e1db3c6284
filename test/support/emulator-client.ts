import {
  type Clock,
  createEmulator,
  type Emulator,
  type EmulatorSettings,
  type Json,
  type JsonObject,
} from "../../src/providers/cometchat/emulator/index.ts";

/** A reply, taken apart. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: JsonObject;
  readonly data: Json | undefined;
  readonly meta: Json | undefined;
  /** The error's code, where there is one. */
  readonly code: Json | undefined;
  /** What is wrong with which attribute, where the error says so. */
  readonly details: Json | undefined;
}

/** Sends `METHOD /path` with the emulator's credentials: `/v3` is added for the chat API. */
export type Send = (
  line: string,
  body?: Json,
  headers?: Readonly<Record<string, string>>,
) => Promise<Reply>;

/** A clock that stands still until it is moved. */
export interface TestClock extends Clock {
  advance(ms: number): void;
}

/** An emulator under test and how to call it. */
export interface Subject {
  readonly emulator: Emulator;
  readonly clock: TestClock;
  readonly send: Send;
}

/** The time at which test clocks start, in unix seconds. */
export const startSeconds = 1_700_000_000;

/** Creates a clock that stands still. */
export function createTestClock(): TestClock {
  let nowMs = startSeconds * 1000;
  return {
    nowMs: () => nowMs,
    advance(ms) {
      nowMs += ms;
    },
  };
}

/** Creates an emulator with a clock that stands still and predictable ids. */
export function subject(settings: Partial<EmulatorSettings> = {}): Subject {
  const clock = createTestClock();
  let tokens = 0;
  const hex = (digits: number): string => {
    tokens += 1;
    return tokens.toString(16).padStart(digits, "0");
  };
  const emulator = createEmulator({ dialect: "vendor", clock, ids: { hex }, ...settings });
  return { emulator, clock, send: sender((request) => emulator.fetch(request), "http://emulator") };
}

/** Makes the function that sends requests to a host. */
export function sender(fetch: (request: Request) => Promise<Response>, host: string): Send {
  return async (line, body, headers = {}) => {
    const [method = "GET", path = "/"] = line.split(" ");
    const isChat = !path.startsWith("/apps/") && !path.startsWith("/_emulator/");
    const url = `${host}${isChat ? "/v3" : ""}${path}`;
    const credentials = isChat
      ? { apikey: "emulator-key" }
      : { key: "emulator-key", secret: "emulator-secret", "x-webhook-version": "2" };
    const response = await fetch(
      new Request(url, {
        method,
        headers: { "content-type": "application/json", ...credentials, ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    return toReply(response);
  };
}

/** Takes a response apart. */
export async function toReply(response: Response): Promise<Reply> {
  const body = (await response.json()) as JsonObject;
  const { data, meta } = body;
  const error = body["error"] as JsonObject | undefined;
  const { status, headers } = response;
  return { status, headers, body, data, meta, code: error?.["code"], details: error?.["details"] };
}

/** Creates users `u1` to `uN`, or those named. */
export async function addUsers(send: Send, users: number | readonly string[]): Promise<string[]> {
  const uids =
    typeof users === "number" ? Array.from({ length: users }, (_, i) => `u${i + 1}`) : [...users];
  for (const uid of uids) await send("POST /users", { uid, name: uid });
  return uids;
}

/** One attribute of every row of a list reply. */
export function column(reply: Reply, name: string): (Json | undefined)[] {
  return (reply.data as JsonObject[]).map((row) => row[name]);
}

import { connectOver, type Surroundings } from "../../src/providers/cometchat/connect.ts";
import { createEmulator, type Emulator } from "../../src/providers/cometchat/emulator/index.ts";
import type { HttpRequest, Transport } from "../../src/providers/http/transport.ts";
import type { ConnectOptions, Session } from "../../src/providers/provider.ts";

/** The name of a dialect the emulator serves. */
export type DialectName = "vendor" | "collection";

/** An emulated app without a network in between. */
export interface TestApp {
  readonly dialect: DialectName;
  readonly emulator: Emulator;
  readonly transport: Transport;
}

/** An empty app with no quotas to speak of. */
export function createApp(
  dialect: DialectName,
  settings: { readonly pageMax?: number; readonly sample?: boolean } = {},
): TestApp {
  const emulator = createEmulator({ dialect, quota: "999999999", ...settings });
  return { dialect, emulator, transport: toTransport(emulator) };
}

/** A transport that hands requests to an emulator in this process. */
export function toTransport(emulator: Emulator): Transport {
  return async ({ method, url, headers, body }: HttpRequest) => {
    const init = { method, headers, ...(body === undefined ? {} : { body }) };
    const response = await emulator.fetch(new Request(url, init));
    const text = await response.text();
    return { status: response.status, headers: Object.fromEntries(response.headers), text };
  };
}

/** How a test connects, where it is not as usual. */
type Connection = Partial<Surroundings> & {
  readonly dialect?: string;
  readonly concurrency?: number;
  /** The part of the quotas that is used; most of it if left out. */
  readonly quotaShare?: number;
  /** Calls a minute, instead of what is assumed. */
  readonly quotas?: ConnectOptions["quotas"];
};

/** A session with the app, over its own transport or one that stands in for it. */
export function connectTo(
  app: TestApp,
  { dialect, concurrency = 16, quotaShare, quotas, ...surroundings }: Connection = {},
): Promise<Session> {
  return connectOver(
    {
      appId: "emulator",
      region: "us",
      baseUrl: "http://127.0.0.1/v3",
      managementUrl: "http://127.0.0.1",
      apiKey: "emulator-key",
      managementKey: "emulator-key",
      managementSecret: "emulator-secret",
      dialect: dialect ?? app.dialect,
      concurrency,
      ...(quotaShare === undefined ? {} : { quotaShare }),
      ...(quotas === undefined ? {} : { quotas }),
      managed: new Set(["role", "user", "group", "webhook"]),
    },
    { transport: app.transport, random: () => 0, ...surroundings },
  );
}

/** Sends a request of the test's own, and fails the test unless it is taken. */
export async function call(
  app: TestApp,
  method: HttpRequest["method"],
  path: string,
  body?: unknown,
): Promise<unknown> {
  const base = path.startsWith("/apps/") ? "http://127.0.0.1" : "http://127.0.0.1/v3";
  const reply = await app.transport({
    method,
    url: `${base}${path}`,
    timeoutMs: 1_000,
    headers: {
      "content-type": "application/json",
      apikey: "emulator-key",
      key: "emulator-key",
      secret: "emulator-secret",
      "x-webhook-version": "2",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`);
  return JSON.parse(reply.text);
}

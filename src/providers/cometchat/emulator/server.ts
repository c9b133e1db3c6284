import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { chatPrefix } from "./app.ts";
import { servingWait } from "./clock.ts";
import { emulatorKey, emulatorSecret } from "./credentials.ts";
import { createCore, type EmulatorSettings } from "./emulator.ts";

/** Where to listen. */
export interface ListenSettings {
  /** 127.0.0.1 if left out. */
  readonly host?: string;
  /** 0 picks a free port. */
  readonly port: number;
}

/** An emulator that listens. */
export interface RunningEmulator {
  /** With the version path. */
  readonly chatUrl: string;
  /** The bare host. */
  readonly managementUrl: string;
  readonly apiKey: string;
  readonly managementKey: string;
  readonly managementSecret: string;
  readonly port: number;
  /** Stops listening, drops open connections and writes the data file. */
  close(): Promise<void>;
}

const hostByDefault = "127.0.0.1";

/**
 * Serves an emulator over HTTP.
 *
 * @throws SettingsError if the settings cannot be used, and what listening throws, e.g. `EADDRINUSE`.
 */
export async function serveEmulator(
  settings: EmulatorSettings & ListenSettings,
): Promise<RunningEmulator> {
  const core = createCore({ wait: servingWait, ...settings });
  await core.flush();
  const host = settings.host ?? hostByDefault;
  // Without TLS options the adaptor makes a plain HTTP server.
  const server = createAdaptorServer({
    fetch: core.app.fetch,
    overrideGlobalObjects: false,
  }) as Server;
  server.listen(settings.port, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;

  async function close(): Promise<void> {
    if (server.listening) {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    }
    await core.flush();
  }

  return {
    chatUrl: `${url}${chatPrefix}`,
    managementUrl: url,
    apiKey: emulatorKey,
    managementKey: emulatorKey,
    managementSecret: emulatorSecret,
    port,
    close,
  };
}

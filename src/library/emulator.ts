import { provider } from "./the-provider.ts";

/** What an emulator is started with. */
export interface EmulatorInput {
  readonly dialect?: "vendor" | "collection";
  /** A free one if left out. */
  readonly port?: number;
  /** A JSON file that keeps its app between runs; in memory if left out. */
  readonly dataFile?: string;
  /** Starts with the sample data of a fresh app. */
  readonly sample?: boolean;
}

/** An emulated app that listens on this machine, in the words of `connect`. */
export interface EmulatedApp {
  readonly appId: string;
  readonly region: "us";
  readonly baseUrl: string;
  readonly managementUrl: string;
  readonly apiKey: string;
  readonly managementKey: string;
  readonly managementSecret: string;
}

/** An emulator that is running. */
export interface Emulator {
  /** What `connect` needs to reach it: `connect({ manifest, ...emulator.app })`. */
  readonly app: EmulatedApp;
  /** Stops it; resolves when nothing listens any more. */
  close(): Promise<void>;
}

/** Starts an emulator of the API in this process, for tests of what is built upon the library. */
export async function startEmulator({
  dialect = "vendor",
  port = 0,
  ...rest
}: EmulatorInput = {}): Promise<Emulator> {
  const running = await provider.startEmulator({ ...rest, dialect, port, host: "127.0.0.1" });
  const { chatUrl: baseUrl, managementUrl, apiKey, managementKey, managementSecret } = running;
  const keys = { apiKey, managementKey, managementSecret };
  return {
    app: { appId: "emulator", region: "us", baseUrl, managementUrl, ...keys },
    close: () => running.close(),
  };
}

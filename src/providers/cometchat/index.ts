import schema from "../../../schemas/cometchat.schema.json" with { type: "json" };
import type { ProviderModule } from "../provider.ts";
import { addressOf, connectOver } from "./connect.ts";
import { createKinds, toDialect } from "./kinds/kinds.ts";
import { requireSafeUrls } from "./safe-urls.ts";

/** CometChat, in both dialects of its API. */
export const cometchat: ProviderModule = {
  name: "cometchat",
  dialects: ["vendor", "collection"],
  schema,
  kinds: (dialect) => createKinds(toDialect(dialect, "")),
  addressOf,
  async connect(options) {
    // The HTTP library is loaded only by commands that reach an app.
    const { createTransport } = await import("../http/client.ts");
    requireSafeUrls(options);
    const { send, close } = createTransport(options);
    try {
      return await connectOver(options, { transport: send, close });
    } catch (error) {
      close();
      throw error;
    }
  },
  async startEmulator(options) {
    const { serveEmulator } = await import("./emulator/index.ts");
    const dialect = options.dialect === "collection" ? "collection" : "vendor";
    return serveEmulator({ ...options, dialect });
  },
};

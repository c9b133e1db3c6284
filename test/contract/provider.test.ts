import { cometchat } from "../../src/providers/cometchat/index.ts";
import { connectTo, createApp } from "../support/in-process.ts";
import { type ContractSubject, testProvider } from "../support/provider-contract.ts";

const WORLD: Pick<ContractSubject, "module" | "ids" | "neighbours" | "variables"> = {
  module: cometchat,
  ids: { roles: "moderator", users: "alice", groups: "lobby", webhooks: "audit" },
  neighbours: {
    users: { bob: { name: "Bob" }, carol: { name: "Carol" }, dave: { name: "Dave" } },
  },
  variables: { LOBBY_PASSWORD: "lobby", AUDIT_PASSWORD: "audit" },
};

for (const dialect of ["vendor", "collection"] as const) {
  const app = createApp(dialect, { sample: true, pageMax: 2 });
  const connect = () => connectTo(app);
  testProvider({ ...WORLD, title: `emulated, ${dialect}`, dialect, connect });
}

/*
 * Against a real app when somebody asks for it: an app to spare, for what it has of these ids is
 * changed and deleted. Nothing leaves this machine otherwise.
 */
const { COMETFORM_CONTRACT_APP_ID: appId, COMETFORM_CONTRACT_API_KEY: apiKey } = process.env;
if (appId && apiKey) {
  const dialect = process.env["COMETFORM_CONTRACT_DIALECT"] ?? "vendor";
  const connect = () =>
    cometchat.connect({
      appId,
      apiKey,
      dialect,
      region: process.env["COMETFORM_CONTRACT_REGION"] ?? "us",
      managementKey: process.env["COMETFORM_CONTRACT_MANAGEMENT_KEY"] ?? "",
      managementSecret: process.env["COMETFORM_CONTRACT_MANAGEMENT_SECRET"] ?? "",
      concurrency: 4,
      managed: new Set(["role", "user", "group", "webhook"]),
    });
  testProvider({ ...WORLD, title: `app ${appId}, ${dialect}`, dialect, connect });
}

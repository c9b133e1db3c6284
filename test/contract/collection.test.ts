import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Execution, run as runCollection } from "newman";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type RunningEmulator,
  serveEmulator,
} from "../../src/providers/cometchat/emulator/index.ts";
import { sender } from "../support/emulator-client.ts";

interface Folder {
  readonly item: readonly { readonly name: string }[];
}

const file = join(import.meta.dirname, "../fixtures/cometchat.postman_collection.json");
const collection = JSON.parse(readFileSync(file, "utf8")) as { readonly item: readonly Folder[] };

// Creates before it reads, and deletes last. The collection's own sample ids fit this order: the
// first message is 1, the first webhook webhook-1.
const order = [
  ...["List Users", "Create User", "Get User", "Update User", "Create Auth Token"],
  ...["List Groups", "Create Group", "Get Group", "Add Members", "List Group Members"],
  ...["Change Member Scope", "Kick Member"],
  ...["List Roles", "Create Role"],
  ...["List Webhooks", "Create Webhook", "Add Triggers"],
  ...["List Messages", "Send Message", "Get Message", "Add Reaction"],
  ...["List Conversations", "Get Conversation", "Delete Message"],
  ...["Delete Group", "Delete User"],
];

let emulator: RunningEmulator;

beforeAll(async () => {
  emulator = await serveEmulator({ dialect: "collection", host: "127.0.0.1", port: 0 });
  const send = sender(fetch, emulator.managementUrl);
  // The one thing the collection relies on and does not create: the receiver of its message.
  await send("POST /users", { uid: "cometchat-uid-2", name: "George Alan" });
});

afterAll(() => emulator.close());

function run(request: string): Promise<readonly Execution[]> {
  const envVar = [
    { key: "baseUrl", value: emulator.chatUrl },
    { key: "apikey", value: emulator.apiKey },
  ];
  return new Promise((resolve, reject) => {
    runCollection({ collection, folder: request, envVar, reporters: [] }, (error, summary) =>
      error === null ? resolve(summary.run.executions) : reject(error),
    );
  });
}

test("the order of the tests has each of the 26 requests of the collection once", () => {
  const names = collection.item.flatMap((folder) => folder.item.map(({ name }) => name));
  expect(names).toHaveLength(26);
  expect([...order].sort()).toEqual([...names].sort());
});

test.each(order)("the request %s of the collection is answered with success", async (name) => {
  const executions = await run(name);
  expect(executions.map(({ item, response }) => [item.name, response?.code])).toEqual([
    [name, 200],
  ]);
});

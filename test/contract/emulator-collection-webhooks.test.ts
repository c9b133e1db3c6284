import { describe, expect, test } from "vitest";
import { subject } from "../support/emulator-client.ts";

const collection = () => subject({ dialect: "collection" });

describe("webhooks", () => {
  const hook = { url: "https://hooks.example.com/a", triggers: ["message_sent", "anything"] };

  test("a webhook gets an id from the server and never shows its password", async () => {
    const { send } = collection();
    const authentication = { type: "basic", username: "u", password: "p" };
    const created = await send("POST /webhooks", { ...hook, authentication });
    expect(created.data).toEqual({
      id: "webhook-1",
      url: hook.url,
      method: "POST",
      triggers: hook.triggers,
      authentication: { type: "basic", username: "u" },
      status: "active",
    });
    expect((await send("POST /webhooks", { ...hook, method: "GET" })).data).toMatchObject({
      id: "webhook-2",
      method: "GET",
    });
    expect((await send("GET /webhooks")).body).toEqual({
      data: [created.data, expect.objectContaining({ id: "webhook-2" })],
    });
    expect((await send("GET /webhooks/webhook-1")).data).toEqual(created.data);
  });

  test("an update replaces url and triggers, and authentication as a whole if it is given", async () => {
    const { send, emulator } = collection();
    const authentication = { type: "basic", username: "u", password: "p" };
    await send("POST /webhooks", { ...hook, method: "GET", authentication });
    const next = { url: "https://hooks.example.com/b", triggers: ["x"] };
    expect((await send("PUT /webhooks/webhook-1", next)).data).toEqual({
      id: "webhook-1",
      ...next,
      method: "GET",
      authentication: { type: "basic", username: "u" },
      status: "active",
    });
    expect(emulator.snapshot()["webhooks"]).toMatchObject([{ hasPassword: true }]);
    await send("PUT /webhooks/webhook-1", { ...next, authentication: { type: "basic" } });
    expect(emulator.snapshot()["webhooks"]).toMatchObject([{ hasPassword: false, username: "" }]);
    expect((await send("PUT /webhooks/webhook-1", { url: next.url })).code).toBe("ERR_BAD_REQUEST");
    expect((await send("PUT /webhooks/webhook-9", next)).code).toBe("ERR_WEBHOOK_NOT_FOUND");
  });

  test("url and triggers are required, and the vendor's limits hold", async () => {
    const { send } = collection();
    for (const body of [
      { url: hook.url },
      { triggers: [] },
      { ...hook, url: "http://hooks.example.com" },
      { ...hook, method: "PUT" },
      { ...hook, authentication: { type: "digest" } },
    ]) {
      expect((await send("POST /webhooks", body)).code).toBe("ERR_BAD_REQUEST");
    }
    for (let i = 0; i < 25; i += 1) await send("POST /webhooks", hook);
    expect((await send("POST /webhooks", hook)).code).toBe("ERR_BAD_REQUEST");
    expect((await send("GET /webhooks")).data).toHaveLength(25);
  });

  test("triggers can be listed, added and removed, and a deleted webhook's id is not used again", async () => {
    const { send } = collection();
    await send("POST /webhooks", hook);
    const added = await send("POST /webhooks/webhook-1/triggers", { triggers: ["z", "anything"] });
    expect(added.data).toEqual({ success: true, message: expect.any(String) });
    await send("DELETE /webhooks/webhook-1/triggers", { triggers: ["message_sent", "none"] });
    expect((await send("GET /webhooks/webhook-1/triggers")).body).toEqual({
      data: ["anything", "z"],
    });
    await send("DELETE /webhooks/webhook-1");
    expect((await send("POST /webhooks", hook)).data).toMatchObject({ id: "webhook-2" });
  });

  test("there is no management host", async () => {
    const { send } = collection();
    const reply = await send("GET /apps/x/webhooks");
    expect([reply.status, reply.code]).toEqual([404, "ERR_API_NOT_FOUND"]);
  });
});

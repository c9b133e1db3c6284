import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import {
  type EmulatorSettings,
  type JsonObject,
  serveEmulator,
} from "../../src/providers/cometchat/emulator/index.ts";
import { addUsers, column, createTestClock, sender, subject } from "../support/emulator-client.ts";

describe("the routes for tests", () => {
  test("the state tells everything but secrets", async () => {
    const { send } = subject();
    const metadata = { "@private": { email: "a@example.com" }, seat: 1 };
    await send("POST /users", { uid: "a", name: "A", metadata, withAuthToken: true });
    await send("POST /groups", { guid: "g", name: "G", type: "password", password: "pw-group" });
    const hook = { id: "w", name: "W", webhookURL: "https://a.example", password: "pwHook" };
    await send("POST /apps/x/webhooks", hook);
    const { body } = await send("GET /_emulator/state");
    expect(body).toMatchObject({
      dialect: "vendor",
      roles: [{ role: "default" }],
      users: [{ uid: "a", metadata: { "@private": "***", seat: 1 } }],
      groups: [{ guid: "g", hasPassword: true }],
      webhooks: [{ id: "w", hasPassword: true }],
      tokens: { a: 1 },
    });
    expect(JSON.stringify(body)).not.toMatch(/pw-group|pwHook|example\.com|a_17/);
  });

  test("the log has every request in order, its secrets unreadable, and not those to itself", async () => {
    const { send, emulator } = subject();
    const metadata = { "@private": { email: "a@example.com" } };
    await send("POST /users", { uid: "a", name: "A", metadata }, { onBehalfOf: "b" });
    await send("GET /users?tags=x&tags=y&page=1");
    await send("GET /users/a/auth_tokens/a_secret");
    await send(
      "PUT /groups/none",
      { password: "pw", list: [{ authToken: "t" }] },
      { apikey: "no" },
    );
    await send("GET /apps/x/webhooks");
    const headers = { apikey: "emulator-key" };
    await emulator.fetch(new Request("http://e/v3/users", { method: "PUT", headers, body: "{" }));
    const log = (await send("GET /_emulator/log")).body as unknown as JsonObject[];
    const json = { "content-type": "application/json" };
    expect(log).toEqual([
      {
        method: "POST",
        path: "/v3/users",
        query: {},
        body: { uid: "a", name: "A", metadata: { "@private": { email: "***" } } },
        status: 200,
        committed: true,
        headers: { ...json, onBehalfOf: "b" },
        quota: "core",
      },
      expect.objectContaining({ path: "/v3/users", query: { tags: ["x", "y"], page: "1" } }),
      expect.objectContaining({ path: "/v3/users/a/auth_tokens/***", status: 404, body: null }),
      expect.objectContaining({
        body: { password: "***", list: [{ authToken: "***" }] },
        status: 401,
        headers: json,
      }),
      expect.objectContaining({ headers: { ...json, "x-webhook-version": "2" } }),
      expect.objectContaining({ body: null, status: 400 }),
    ]);
    await send("DELETE /_emulator/log");
    expect(emulator.log()).toEqual([]);
    expect((await send("GET /users")).data).toHaveLength(1);
    expect((await send("GET /_emulator/other")).status).toBe(404);
  });

  test("a reset empties state, log and quotas, and ids start over", async () => {
    const { send, emulator } = subject({ dialect: "collection", quota: "4" });
    const hook = { url: "https://a.example", triggers: [] };
    const fill = async (): Promise<unknown[]> => {
      await addUsers(send, ["a"]);
      const message = { receiver: "a", receiverType: "user", data: { text: "t" } };
      return [
        (await send("POST /messages", message)).data,
        (await send("POST /webhooks", hook)).data,
      ];
    };
    await fill();
    await send("POST /_emulator/reset");
    expect(emulator.snapshot()).toMatchObject({ users: [], webhooks: [], messages: [] });
    expect(emulator.log()).toEqual([]);
    expect(await fill()).toMatchObject([{ id: 1 }, { id: "webhook-1" }]);
    expect((await send("GET /users")).headers.get("x-ratelimit-remaining")).toBe("1");
  });

  test("the sample is the content of a fresh app, also after a reset", async () => {
    const { send, emulator } = subject({ sample: true });
    for (let round = 0; round < 2; round += 1) {
      expect(column(await send("GET /users"), "name")).toEqual([
        "Andrew Joseph",
        "George Alan",
        "Nancy Grace",
        "Susan Marie",
        "John Paul",
      ]);
      expect((await send("GET /groups")).data).toMatchObject([
        { guid: "cometchat-guid-1", name: "Hello Group!", owner: "app_system", membersCount: 5 },
      ]);
      expect(new Set(column(await send("GET /groups/cometchat-guid-1/members"), "scope"))).toEqual(
        new Set(["participant"]),
      );
      await send("DELETE /users/cometchat-uid-1", { permanent: true });
      emulator.reset();
    }
  });
});

describe("the data file", () => {
  const fresh = (): string => join(mkdtempSync(join(tmpdir(), "emulator-")), "sub", "state.json");

  test("the state is written soon after a change, for the owner only, and read at the start", async () => {
    const dataFile = fresh();
    const { send, emulator } = subject({ dataFile });
    await addUsers(send, ["a", "b", "gone"]);
    await send("POST /groups", {
      guid: "g",
      name: "G",
      type: "password",
      password: "p",
      owner: "a",
    });
    await send("POST /groups/g/members", { participants: ["b", "gone"] });
    await send("POST /messages", { receiver: "a", receiverType: "user", data: { text: "t" } });
    await send("POST /users/a/auth_tokens");
    await send("POST /apps/x/webhooks", { id: "w", name: "W", webhookURL: "https://a.example" });
    await send("POST /apps/x/webhooks/w/triggers", { triggerIds: ["message_sent"] });
    await send("DELETE /users/gone");
    for (let i = 0; i < 100 && !existsSync(dataFile); i += 1) await delay(20);
    expect(statSync(dataFile).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataFile, "..")).mode & 0o777).toBe(0o700);
    await emulator.flush();
    expect(JSON.parse(readFileSync(dataFile, "utf8"))).toMatchObject({
      format: "cometform-emulator",
      version: 1,
    });

    const next = subject({ dataFile, sample: true });
    expect(next.emulator.snapshot()).toEqual(emulator.snapshot());
    expect((await next.send("DELETE /users/a")).code).toBe("ERR_UID_DELETE_FAILED");
    await next.send("PUT /users", { uidsToActivate: ["gone"] });
    expect((await next.send("GET /groups/g")).data).toMatchObject({ membersCount: 3 });
    const message = { receiver: "b", receiverType: "user", data: { text: "t" } };
    expect((await next.send("POST /messages", message)).data).toMatchObject({ id: "4" });
    await next.emulator.flush();
  });

  test("of a small app it is written before the answer, so that nothing answered is lost", async () => {
    const dataFile = fresh();
    const { send } = subject({ dataFile });
    await send("POST /users", { uid: "a", name: "A" });
    for (const uid of ["b", "c", "d"]) {
      await send("POST /users", { uid, name: uid });
      // As if the process had been killed here: what reads the file is another emulator.
      const next = subject({ dataFile });
      expect(column(await next.send("GET /users"), "uid")).toContain(uid);
    }
  });

  test("a file can be opened in either dialect", async () => {
    const dataFile = fresh();
    const vendor = subject({ dataFile });
    const hook = { id: "w", name: "W", webhookURL: "https://a.example" };
    await vendor.send("POST /apps/x/webhooks", hook);
    await vendor.send("POST /apps/x/webhooks/w/triggers", { triggerIds: ["call_ended"] });
    await vendor.emulator.flush();
    const collection = subject({ dataFile, dialect: "collection" });
    const shown = { id: "w", url: hook.webhookURL, triggers: ["call_ended"], status: "active" };
    expect((await collection.send("GET /webhooks")).data).toMatchObject([shown]);
  });

  test("a file that is damaged or foreign is an error that names it", async () => {
    const dataFile = join(mkdtempSync(join(tmpdir(), "emulator-")), "state.json");
    const head = '{"format":"cometform-emulator","version":1';
    for (const [text, reason] of [
      ["", /no JSON/],
      ["{", /no JSON/],
      ["[]", /not a data file/],
      ['{"format":"other"}', /not a data file/],
      ['{"format":"cometform-emulator","version":2}', /version 2/],
      [`${head}}`, /damaged/],
      [`${head},"state":{"roles":[{}]}}`, /damaged/],
    ] as const) {
      writeFileSync(dataFile, text);
      expect(() => subject({ dataFile })).toThrow(reason);
      expect(() => subject({ dataFile })).toThrow(dataFile);
    }
    expect(() => subject({ dataFile: tmpdir() })).toThrow(/cannot be read/);
  });

  test("a file that cannot be written stops the emulator before it serves anything", async () => {
    const folder = mkdtempSync(join(tmpdir(), "emulator-"));
    writeFileSync(join(folder, "new"), "in the way");
    const settings = { dialect: "vendor", host: "127.0.0.1", port: 0 } as const;
    for (const dataFile of [join(folder, "new", "s.json"), "/proc/none/s.json"]) {
      await expect(serveEmulator({ ...settings, dataFile })).rejects.toThrow(
        /cannot be (read|written)/,
      );
    }
  });

  test("a file that cannot be written later is an error when the emulator is closed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "emulator-"));
    const settings = { dialect: "vendor", host: "127.0.0.1", port: 0 } as const;
    const running = await serveEmulator({ ...settings, dataFile: join(folder, "new", "s.json") });
    rmSync(join(folder, "new"), { recursive: true });
    writeFileSync(join(folder, "new"), "in the way");
    await sender(fetch, running.managementUrl)("POST /users", { uid: "a", name: "A" });
    await expect(running.close()).rejects.toThrow(/cannot be written/);
  });
});

describe("a port", () => {
  const serve = (settings: Partial<EmulatorSettings> = {}) =>
    serveEmulator({ dialect: "vendor", host: "127.0.0.1", port: 0, ...settings });

  test("an emulator listens on a free port and serves both hosts there", async () => {
    const running = await serve();
    expect(running).toMatchObject({
      chatUrl: `http://127.0.0.1:${running.port}/v3`,
      managementUrl: `http://127.0.0.1:${running.port}`,
      apiKey: "emulator-key",
      managementKey: "emulator-key",
      managementSecret: "emulator-secret",
    });
    const send = sender(fetch, running.managementUrl);
    expect((await send("POST /users", { uid: "a", name: "Ä" })).data).toMatchObject({ name: "Ä" });
    expect((await send("DELETE /users/a", { permanent: true })).status).toBe(200);
    expect((await send("GET /apps/x/webhooks")).data).toEqual([]);
    expect((await send("GET /_emulator/log")).body).toHaveLength(3);
    await running.close();
    await running.close();
  });

  test("a port that is taken is an error", async () => {
    const running = await serve();
    const again = serveEmulator({ dialect: "vendor", host: "127.0.0.1", port: running.port });
    await expect(again).rejects.toThrow(/EADDRINUSE/);
    await running.close();
  });

  test("replies are held back by the latency", async () => {
    const { send } = subject({ latencyMs: 30, clock: createTestClock() });
    const startedMs = performance.now();
    await send("GET /users");
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(29);
  });

  test("closing does not wait for connections that are kept open, and writes the data file", async () => {
    const dataFile = join(mkdtempSync(join(tmpdir(), "emulator-")), "state.json");
    const running = await serve({ dataFile });
    await sender(fetch, running.managementUrl)("POST /users", { uid: "a", name: "A" });
    const startedMs = performance.now();
    await running.close();
    expect(performance.now() - startedMs).toBeLessThan(1000);
    expect(readFileSync(dataFile, "utf8")).toContain('"uid":"a"');
  });
});

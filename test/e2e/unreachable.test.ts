import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CliResult } from "../support/cli.ts";
import { setStage } from "../support/stage.ts";

const stage = setStage("once");
let html: Server;

beforeAll(async () => {
  html = createServer((_, response) => {
    response.setHeader("content-type", "text/html");
    response.end("<!doctype html><title>Sign in</title>");
  });
  await new Promise<void>((done) => {
    html.listen(0, "127.0.0.1", done);
  });
}, 120_000);

afterAll(async () => {
  html.close();
});

function run(
  args: readonly string[],
  env: { readonly [name: string]: string } = {},
): Promise<CliResult> {
  return stage.run(args, { env: { ...stage.app.env, ...env } });
}

const { put } = stage;

describe("an app that cannot be reached is exit 6, with the variable and advice", () => {
  beforeAll(() => put("good.yaml", "version: 1\nusers: { alice: { name: Alice } }\n"));

  test.each<[string, { readonly [name: string]: string }, readonly string[], readonly string[]]>([
    [
      "a wrong key",
      { COMETCHAT_API_KEY: "not-a-key" },
      [],
      ["answered 401", "api/credentials", "REST API Key"],
    ],
    ["no key", { COMETCHAT_API_KEY: "" }, [], ["COMETCHAT_API_KEY is not set", "--emulator"]],
    [
      "a key with a line break",
      { COMETCHAT_API_KEY: "a\nb" },
      [],
      ["COMETCHAT_API_KEY has characters"],
    ],
    ["no app", { COMETCHAT_APP_ID: "" }, [], ["COMETCHAT_APP_ID is not set", "--emulator"]],
    [
      "an app id that is none",
      { COMETCHAT_APP_ID: "a/../b" },
      [],
      ["COMETCHAT_APP_ID is not valid"],
    ],
    [
      "a region that is none",
      { COMETCHAT_REGION: "mars" },
      [],
      ["COMETCHAT_REGION is not valid", "us, eu or in"],
    ],
    [
      "a URL that is none",
      { COMETCHAT_BASE_URL: "nowhere" },
      [],
      ["COMETCHAT_BASE_URL is no base URL"],
    ],
    [
      "a URL in the clear",
      { COMETCHAT_BASE_URL: "http://example.com" },
      [],
      ["must begin with https://"],
    ],
  ])("%s", async (_, env, flags, messages) => {
    const [text, json] = await Promise.all([
      run(["plan", ...flags, "good.yaml"], env),
      run(["plan", "--json", ...flags, "good.yaml"], env),
    ]);
    const { exit, stdout, stderr } = text;
    expect({ exit, stdout }).toEqual({ exit: 6, stdout: "" });
    for (const message of messages) {
      expect(stderr).toContain(message);
    }
    expect(stderr).not.toContain("not-a-key");
    expect(Object.keys(JSON.parse(json.stdout))).toEqual(["formatVersion", "diagnostics"]);
  });

  test("HTML instead of JSON", async () => {
    const { port } = html.address() as AddressInfo;
    const flags = ["--base-url", `http://127.0.0.1:${port}/v3`];
    for (const dialect of ["auto", "vendor", "collection"]) {
      const { exit, stderr } = await run(["plan", ...flags, "--dialect", dialect, "good.yaml"]);
      expect(exit).toBe(6);
      expect(stderr).toContain("HTML instead of JSON");
      expect(stderr).toContain("COMETCHAT_BASE_URL");
    }
  });

  test("a host that is not there, given up after 15 s", async () => {
    const startMs = performance.now();
    const { exit, stderr } = await run([
      "plan",
      "--base-url",
      "http://127.0.0.1:9/v3",
      "good.yaml",
    ]);
    expect(exit).toBe(6);
    expect(stderr).toContain("ECONNREFUSED");
    expect(performance.now() - startMs).toBeLessThan(20_000);
  });

  test("a host that takes the call and never answers, given up after 15 s", async () => {
    const silent = createServer(() => {});
    await new Promise<void>((done) => {
      silent.listen(0, "127.0.0.1", done);
    });
    const { port } = silent.address() as AddressInfo;
    const startMs = performance.now();
    const url = `http://127.0.0.1:${port}/v3`;
    const { exit, stderr } = await run(["plan", "--base-url", url, "good.yaml"]);
    silent.closeAllConnections();
    silent.close();
    expect(exit).toBe(6);
    expect(stderr).toContain("ETIMEDOUT");
    expect(performance.now() - startMs).toBeLessThan(20_000);
  });

  test("webhooks without the management API's address, so that a test never reaches the real one", async () => {
    put("hooks.yaml", "version: 1\nwebhooks: { a: { url: 'https://a.example', triggers: [] } }\n");
    const { exit, stderr } = await run(["plan", "hooks.yaml"], { COMETCHAT_MANAGEMENT_URL: "" });
    expect(exit).toBe(6);
    expect(stderr).toContain("COMETCHAT_MANAGEMENT_URL is not set");
  });
});

describe("a manifest for another app is exit 7, both named", () => {
  test.each([
    ["appId: other", "The manifest is for app other, but COMETCHAT_APP_ID says emulator"],
    ["region: eu", "The manifest is for region eu, but COMETCHAT_REGION says us"],
  ])("%s", async (declared, message) => {
    put("other.yaml", `version: 1\nprovider: { ${declared} }\nusers: {}\n`);
    await stage.app.takeLog();
    const { exit, stderr } = await run(["apply", "--yes", "other.yaml"]);
    expect(exit).toBe(7);
    expect(stderr).toContain(message);
    expect(await stage.app.takeLog()).toEqual([]);
  });

  test("unless the manifest takes the app from the same place", async () => {
    put("same.yaml", "version: 1\nprovider: { appId: '${COMETCHAT_APP_ID}' }\nusers: {}\n");
    expect(await run(["plan", "same.yaml"])).toMatchObject({ exit: 0 });
    expect(await run(["plan", "same.yaml", "--app-id", "another"])).toMatchObject({ exit: 0 });
  });
});

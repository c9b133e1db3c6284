import { spawn } from "node:child_process";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { root } from "../support/cli.ts";
import {
  authorityFile,
  type Listener,
  secureName,
  serve,
  serveProxy,
  serveSecurely,
} from "../support/loopback.ts";
import { setStage } from "../support/stage.ts";

const stage = setStage("once");
const PASSWORD = "proxy-password-2342";
let secure: Listener;

/** The emulated app, behind TLS. */
beforeAll(async () => {
  secure = await serveSecurely((incoming, outgoing) => {
    const { port } = new URL(stage.app.chatUrl);
    const { method, url, headers } = incoming;
    const inner = httpRequest({ host: "127.0.0.1", port, method, path: url, headers });
    inner.on("response", (reply) => {
      outgoing.writeHead(reply.statusCode ?? 500, reply.headers);
      reply.pipe(outgoing);
    });
    incoming.pipe(inner);
  });
}, 120_000);

afterAll(() => secure.close());

type Environment = { readonly [name: string]: string };

function plan(env: Environment, flags: readonly string[] = []) {
  stage.put("good.yaml", "version: 1\nusers: { alice: { name: Alice } }\n");
  return stage.run(["plan", ...flags, "good.yaml"], { env: { ...stage.app.env, ...env } });
}

describe("an authority of one's own", () => {
  test("is trusted where NODE_EXTRA_CA_CERTS names its file", async () => {
    const COMETCHAT_BASE_URL = `https://localhost:${secure.port}/v3`;
    const { exit, stdout } = await plan({ COMETCHAT_BASE_URL, NODE_EXTRA_CA_CERTS: authorityFile });
    expect(exit).toBe(0);
    expect(stdout).toContain("1 to create");
  });

  test("is not trusted of itself, which is told at once, with what to do", async () => {
    const startMs = performance.now();
    const { exit, stderr } = await plan({
      COMETCHAT_BASE_URL: `https://localhost:${secure.port}/v3`,
    });
    expect(exit).toBe(6);
    expect(stderr.replaceAll(/\s+/g, " ")).toMatch(
      /got no answer from localhost:\d+ \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)/,
    );
    expect(stderr).toContain("NODE_EXTRA_CA_CERTS");
    expect(performance.now() - startMs).toBeLessThan(10_000);
  });

  test("is not trusted for a name it did not sign", async () => {
    const proxy = await serveProxy({ port: secure.port });
    const { exit, stderr } = await plan({
      COMETCHAT_BASE_URL: "https://other.cometform.test/v3",
      NODE_EXTRA_CA_CERTS: authorityFile,
      HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
    });
    await proxy.close();
    expect(exit).toBe(6);
    expect(stderr).toContain("ERR_TLS_CERT_ALTNAME_INVALID");
  });
});

describe("a proxy", () => {
  const trusting = {
    COMETCHAT_BASE_URL: `https://${secureName}/v3`,
    NODE_EXTRA_CA_CERTS: authorityFile,
  };

  test("carries all calls to the app, with the name and the password it wants, and few connections", async () => {
    const proxy = await serveProxy({ port: secure.port });
    const HTTPS_PROXY = `http://me:${PASSWORD}@127.0.0.1:${proxy.port}`;
    const { exit, stdout, stderr } = await plan({ ...trusting, HTTPS_PROXY, DEBUG: "*" });
    expect({ exit, left: await proxy.connections() }).toEqual({ exit: 0, left: 0 });
    expect(stdout).toContain("1 to create");
    const authorization = `Basic ${Buffer.from(`me:${PASSWORD}`).toString("base64")}`;
    expect(new Set(proxy.asked.map((asked) => asked.target))).toEqual(
      new Set([`${secureName}:443`]),
    );
    expect(proxy.asked.every((asked) => asked.authorization === authorization)).toBe(true);
    expect(stdout + stderr).not.toContain(PASSWORD);
    expect(stdout + stderr).not.toContain(authorization);
    await proxy.close();
  });

  test("is left out for what NO_PROXY names", async () => {
    const proxy = await serveProxy({ port: secure.port });
    const HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
    const { exit, stderr } = await plan({ ...trusting, HTTPS_PROXY, NO_PROXY: "cometform.test" });
    expect(exit).toBe(6);
    expect(stderr.replaceAll(/\s+/g, " ")).toMatch(/got no answer from \S+ \(ENOTFOUND\)/);
    expect(proxy.asked).toEqual([]);
    await proxy.close();
  }, 40_000);

  test("that wants another password is told, at once and without the password", async () => {
    const proxy = await serveProxy({ status: "407 Proxy Authentication Required" });
    const HTTPS_PROXY = `http://me:${PASSWORD}@127.0.0.1:${proxy.port}`;
    const { exit, stdout, stderr } = await plan({ ...trusting, HTTPS_PROXY }, ["--json"]);
    expect(exit).toBe(6);
    expect(JSON.parse(stdout).diagnostics).toEqual([
      {
        severity: "error",
        code: "api/unreachable",
        summary: "Cannot read the app: GET /webhooks was not let out by the proxy (407)",
        detail: "The proxy asks for a name and a password, or does not accept those it got.",
        hint: "HTTPS_PROXY must hold them: http://NAME:PASSWORD@HOST:PORT, with special characters as %XX.",
      },
    ]);
    expect(stdout + stderr).not.toContain(PASSWORD);
    expect(proxy.asked).toHaveLength(1);
    await proxy.close();
  });

  test("that cannot be used is exit 6, with the variable and without its value", async () => {
    const { exit, stderr } = await plan({
      ...trusting,
      HTTPS_PROXY: `socks5://me:${PASSWORD}@host`,
    });
    expect(exit).toBe(6);
    expect(stderr).toContain("HTTPS_PROXY is no proxy that can be used");
    expect(stderr).toContain("app/configuration");
    expect(stderr).not.toContain(PASSWORD);
  });

  test("is not used for this machine, nor with an emulator", async () => {
    const HTTPS_PROXY = "http://127.0.0.1:9";
    expect(await plan({ HTTPS_PROXY, ALL_PROXY: HTTPS_PROXY })).toMatchObject({ exit: 0 });
    expect(await plan({ HTTPS_PROXY: "socks5://host" }, ["--emulator"])).toMatchObject({ exit: 0 });
  });
});

test("a redirect is told with the host it leads to and no more, and is not followed", async () => {
  let followed = 0;
  const other = await serve((_, response) => void response.end(String(followed++)));
  const location = `http://127.0.0.1:${other.port}/login?token=hush-4711#x`;
  const host = await serve((_, response) => response.writeHead(302, { location }).end());
  const { exit, stderr } = await plan({ COMETCHAT_BASE_URL: `http://127.0.0.1:${host.port}/v3` });
  expect(exit).toBe(6);
  expect(stderr.replaceAll(/\s+/g, " ")).toContain(
    `GET /webhooks answered 302, a redirect to http://127.0.0.1:${other.port}`,
  );
  expect(stderr).toContain("Redirects are not followed");
  expect(stderr).toContain("COMETCHAT_BASE_URL");
  expect(stderr).not.toContain("hush-4711");
  expect(followed).toBe(0);
  await Promise.all([host.close(), other.close()]);
});

/** A module of the build, as a literal for a script. */
function built(...names: readonly string[]): string {
  return JSON.stringify(join(root, "dist", ...names));
}

/** Runs a script in a process of its own, which ends with its input. */
function runScript(script: string, env: Environment = {}) {
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const ended = new Promise((done) => child.once("close", done));
  return { output: () => output, end: () => child.stdin.end(), ended };
}

test("tunnels are no more than calls may be under way, are kept, and are gone once closed", async () => {
  const proxy = await serveProxy({ port: secure.port });
  const script = `
    const { createTransport } = await import(${built("providers", "http", "client.js")});
    const proxyFor = () => "http://127.0.0.1:${proxy.port}";
    const { send, close } = createTransport({ concurrency: 3, proxyFor });
    const request = { method: "GET", url: "https://${secureName}/v3/users", headers: {}, timeoutMs: 5000 };
    for (const round of [1, 2, 3]) {
      const replies = await Promise.all(Array.from({ length: 12 }, () => send(request)));
      console.log(new Set(replies.map(({ status }) => status)));
    }
    close();
    console.log("closed");
    process.stdin.resume();`;
  const child = runScript(script, { NODE_EXTRA_CA_CERTS: authorityFile });
  await vi.waitFor(() => expect(child.output()).toContain("closed"), 10_000);
  expect(child.output()).toBe(`${"Set(1) { 401 }\n".repeat(3)}closed\n`);
  expect(proxy.asked).toHaveLength(3);
  await vi.waitFor(async () => expect(await proxy.connections()).toBe(0));
  child.end();
  await child.ended;
  await proxy.close();
});

test("keys that a library's user would send in the clear are not sent, and nor is anything", async () => {
  const script = `
    const { connect } = await import(${built("index.js")});
    const options = { appId: "a", region: "us", apiKey: "hush-4711", dialect: "vendor" };
    for (const url of [{ baseUrl: "http://app.example/v3" }, { managementUrl: "https://x/../y" }]) {
      await connect({ ...options, ...url }).catch(({ kind, code, message }) =>
        console.log(kind, code, message));
    }`;
  const child = runScript(script);
  await child.ended;
  expect(child.output().split("\n").slice(0, -1)).toEqual([
    "configuration BASE_URL_UNSAFE The chat base URL cannot be used: it is of another machine, without https",
    "configuration BASE_URL_UNSAFE The management base URL cannot be used: its path has . or .. in it",
  ]);
});

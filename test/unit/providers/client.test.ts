import { Buffer } from "node:buffer";
import type { RequestListener } from "node:http";
import { inspect } from "node:util";
import { brotliCompressSync, constants, deflateSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, test, vi } from "vitest";
import { toSilence } from "../../../src/providers/cometchat/reply.ts";
import { createTransport } from "../../../src/providers/http/client.ts";
import {
  type HttpReply,
  type HttpRequest,
  TransportError,
} from "../../../src/providers/http/transport.ts";
import {
  type Listener,
  serve,
  serveProxy,
  serveRaw,
  serveSecurely,
} from "../../support/loopback.ts";

const KEYS = ["chat-key-4711", "management-secret-0815", "proxy-password-2342"];
const [apikey = "", secret = "", password = ""] = KEYS;
const MB = 1_024 * 1_024;

const open: { close(): unknown }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** Closes a listener, or a transport, when the test is over. */
function closing<T extends { close(): unknown }>(one: T): T {
  open.push(one);
  return one;
}

async function listening(listener: Promise<Listener>): Promise<Listener> {
  return closing(await listener);
}

interface Given extends Partial<HttpRequest> {
  readonly proxy?: string;
}

/** What comes of a request: the reply, or why there is none. */
async function ask(url: string, given: Given = {}): Promise<HttpReply | TransportError> {
  const { proxy, ...request } = given;
  const { send } = closing(createTransport({ concurrency: 4, proxyFor: () => proxy }));
  try {
    return await send({
      method: "GET",
      url,
      headers: { apikey, secret },
      timeoutMs: 10_000,
      ...request,
    });
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return error;
  }
}

async function askOf(answer: RequestListener, given: Given = {}) {
  const { port } = await listening(serve(answer));
  return ask(`http://127.0.0.1:${port}/v3/users`, given);
}

describe("keys in the clear", () => {
  test.each([
    "http://app.api-us.cometchat.io/v3/users",
    "http://127.0.0.1.example.com/v3",
    "http://10.0.0.1/v3",
    "http://localhost.example/v3",
    "ftp://127.0.0.1/v3",
    "nowhere",
  ])("are not sent to %s, by whomever they are given", async (url) => {
    await expect(ask(url)).rejects.toThrow(/^a request was to be sent to /);
  });

  test("are not sent to a path that leads elsewhere", async () => {
    for (const path of [
      "/v3/groups/g/members/..",
      "/v3/%2E%2e/x",
      "/v3/./x",
      "/v3/.%2e",
      "/v3/.\n./x",
    ]) {
      const sent = ask(`https://127.0.0.1:9${path}`);
      await expect(sent).rejects.toThrow("a path with . or .. in it");
    }
  });
});

describe("a redirect", () => {
  test.each([301, 302, 303, 307, 308])(
    "of status %i is a reply, and followed nowhere",
    async (status) => {
      let followed = 0;
      const other = await listening(serve((_, response) => void response.end(String(followed++))));
      const location = `http://127.0.0.1:${other.port}/`;
      const reply = await askOf((_, response) => response.writeHead(status, { location }).end());
      expect(reply).toMatchObject({ status, headers: { location } });
      expect(followed).toBe(0);
    },
  );
});

describe("a reply that is too large", () => {
  const tooLarge = { code: "REPLY_TOO_LARGE", isSent: true, isLasting: true };

  test("is cut off while it is read, and its connection is closed", async () => {
    let written = 0;
    const server = await listening(
      serve((_, response) => {
        const more = () => {
          while (!response.destroyed && response.write(Buffer.alloc(MB, " "))) written += 1;
          written += 1;
        };
        response.on("drain", more);
        more();
      }),
    );
    expect(await ask(`http://127.0.0.1:${server.port}/`)).toMatchObject(tooLarge);
    await vi.waitFor(async () => expect(await server.connections()).toBe(0));
    expect(written).toBeLessThan(64);
  });

  test("is refused before it is read where it says so", async () => {
    const reply = askOf((_, response) => {
      response.writeHead(200, { "content-length": String(33 * MB) });
      response.write("{");
    });
    expect(await reply).toMatchObject(tooLarge);
  });

  test.each(["gzip", "deflate", "br"])(
    "is cut off as it unfolds, sent as %s",
    async (encoding) => {
      const params = { [constants.BROTLI_PARAM_QUALITY]: 3 };
      const brotli = (text: Buffer) => brotliCompressSync(text, { params });
      const pack = { gzip: gzipSync, deflate: deflateSync, br: brotli }[encoding];
      const bomb = pack?.(Buffer.alloc(256 * MB)) ?? Buffer.alloc(0);
      expect(bomb.length).toBeLessThan(MB);
      const before = process.memoryUsage().rss;
      const reply = askOf((_, response) => {
        response.writeHead(200, { "content-encoding": encoding }).end(bomb);
      });
      expect(await reply).toMatchObject(tooLarge);
      expect(process.memoryUsage().rss - before).toBeLessThan(200 * MB);
    },
    30_000,
  );

  test("is taken up to the bound, folded or not", async () => {
    const text = "x".repeat(32 * MB);
    const plain = await askOf((_, response) => void response.end(text));
    const folded = await askOf((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(text));
    });
    for (const reply of [plain, folded]) {
      expect(reply instanceof TransportError ? reply.code : reply.text.length).toBe(32 * MB);
    }
  }, 30_000);
});

test("a reply that drips is given up when the time is over, and its connection closed", async () => {
  const server = await listening(
    serve((_, response) => {
      const drip = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(drip));
    }),
  );
  const startMs = performance.now();
  const reply = await ask(`http://127.0.0.1:${server.port}/`, { timeoutMs: 400 });
  expect(reply).toMatchObject({ code: "ETIMEDOUT", isSent: true });
  expect(performance.now() - startMs).toBeLessThan(2_000);
  await vi.waitFor(async () => expect(await server.connections()).toBe(0));
});

describe("connections", () => {
  test("are no more than requests may be under way, are kept, and are gone once closed", async () => {
    const server = await listening(
      serve((_, response) => void setTimeout(() => response.end("{}"), 20)),
    );
    const { send, close } = createTransport({ concurrency: 3 });
    const url = `http://127.0.0.1:${server.port}/`;
    const request = { method: "GET", url, headers: {}, timeoutMs: 5_000 } as const;
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(Array.from({ length: 12 }, () => send(request)));
      expect(await server.connections()).toBe(3);
    }
    close();
    await vi.waitFor(async () => expect(await server.connections()).toBe(0));
  });

  test("to a proxy that never answers are gone once closed, and the request was never sent", async () => {
    const proxy = await listening(serveRaw(() => undefined));
    const { send, close } = createTransport({
      concurrency: 2,
      proxyFor: () => `http://127.0.0.1:${proxy.port}`,
    });
    const sent = send({ method: "POST", url: "https://a.test/", headers: {}, timeoutMs: 300 });
    await expect(sent).rejects.toMatchObject({ code: "ETIMEDOUT", isSent: false });
    close();
    await vi.waitFor(async () => expect(await proxy.connections()).toBe(0));
  });
});

test("a write that has left counts as sent, on a new connection and on a kept one", async () => {
  const server = await listening(
    serve(({ method, socket }, response) => {
      if (method === "GET") response.end("{}");
      else socket.resetAndDestroy();
    }),
  );
  const { send } = closing(createTransport({ concurrency: 1 }));
  const url = `http://127.0.0.1:${server.port}/`;
  const request = { url, headers: {}, timeoutMs: 5_000 } as const;
  for (const isKept of [false, true]) {
    if (isKept) await send({ ...request, method: "GET" });
    const sent = send({ ...request, method: "POST", body: "{}" });
    await expect(sent).rejects.toMatchObject({ code: "ECONNRESET", isSent: true });
  }
});

test("a write that waited for a connection until its time was over was not sent", async () => {
  let requests = 0;
  const server = await listening(
    serve(() => {
      requests += 1;
    }),
  );
  const { send } = closing(createTransport({ concurrency: 1 }));
  const url = `http://127.0.0.1:${server.port}/`;
  const post = (timeoutMs: number) =>
    send({ method: "POST", url, headers: {}, timeoutMs }).catch((error: unknown) => error);
  const [first, second] = await Promise.all([post(600), post(200)]);
  expect([first, second]).toMatchObject([{ isSent: true }, { code: "ETIMEDOUT", isSent: false }]);
  expect(requests).toBe(1);
});

describe("a host that is not trusted", () => {
  test("gets nothing of a request, which therefore may be repeated", async () => {
    let requests = 0;
    const server = await listening(serveSecurely((_, response) => void response.end(requests++)));
    const reply = await ask(`https://127.0.0.1:${server.port}/`, { method: "POST", body: "{}" });
    expect(reply).toMatchObject({ isSent: false, isLasting: true });
    expect((reply as TransportError).code).toMatch(/CERT|UNABLE_TO_VERIFY/);
    expect(requests).toBe(0);
  });
});

describe("a proxy", () => {
  test.each([
    ["407 Proxy Authentication Required", "PROXY_407", true],
    ["403 Forbidden", "PROXY_403", true],
    ["404 Not Found", "PROXY_404", true],
    ["502 Bad Gateway", "PROXY_502", false],
    ["200.5 Hm", "PROXY_UNREADABLE", true],
  ])("that answers %s is not taken for the service", async (status, code, isLasting) => {
    const proxy = closing(await serveProxy({ status }));
    const url = `http://me:${password}@127.0.0.1:${proxy.port}`;
    const reply = await ask("https://api.cometform.test/v3/users", { method: "POST", proxy: url });
    expect(reply).toMatchObject({ code, isSent: false, isLasting });
    const authorization = `Basic ${Buffer.from(`me:${password}`).toString("base64")}`;
    expect(proxy.asked).toEqual([{ target: "api.cometform.test:443", authorization }]);
  });

  test("that is no URL is not shown, for a password may stand in it", async () => {
    const sent = ask("https://api.cometform.test/", { proxy: `http://me:${password}@` });
    const error = await sent.catch((thrown: unknown) => thrown);
    expect(String(error)).toBe("Error: a proxy was named by something that is no URL");
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain(password);
  });

  test("is never used for plain http, which is for this machine", async () => {
    const proxy = closing(await serveProxy({ status: "502 Bad Gateway" }));
    const reply = await askOf((_, response) => void response.end("{}"), {
      proxy: `http://127.0.0.1:${proxy.port}`,
    });
    expect(reply).toMatchObject({ status: 200 });
    expect(proxy.asked).toEqual([]);
  });
});

describe("no failure holds a key", () => {
  const raw = async (take: Parameters<typeof serveRaw>[0]) =>
    `http://127.0.0.1:${(await listening(serveRaw(take))).port}/v3/users`;
  const say = (text: string) => () =>
    raw((socket) => void socket.once("data", () => socket.end(text)));
  const secure = async () => (await listening(serveSecurely(() => undefined))).port;
  const proxied = (status: string) => async (): Promise<[string, Given]> => {
    const { port } = closing(await serveProxy({ status }));
    return ["https://a.test/", { proxy: `http://me:${password}@127.0.0.1:${port}` }];
  };
  const rawProxy = (take: Parameters<typeof serveRaw>[0]) => async (): Promise<[string, Given]> => {
    const { port } = await listening(serveRaw(take));
    return [
      "https://a.test/",
      { proxy: `http://me:${password}@127.0.0.1:${port}`, timeoutMs: 500 },
    ];
  };

  test.each<[string, () => Promise<string | [string, Given]>]>([
    ["refused", async () => "http://127.0.0.1:9/"],
    ["reset", () => raw((socket) => void socket.once("data", () => socket.resetAndDestroy()))],
    ["closed", () => raw((socket) => socket.destroy())],
    ["too late", async () => [await raw(() => undefined), { timeoutMs: 200 }]],
    ["to a name that is none", async () => "https://nowhere.invalid/"],
    ["not trusted", async () => `https://127.0.0.1:${await secure()}/`],
    [
      "not https",
      async () =>
        (await raw((socket) => socket.end("HTTP/1.1 400\r\n\r\n"))).replace("http:", "https:"),
    ],
    ["answered by a text that is no HTTP", say("hello\r\n\r\n")],
    ["answered by a broken header", say("HTTP/1.1 200 OK\r\nbro ken\u0000: x\r\n\r\n")],
    ["answered by endless headers", say(`HTTP/1.1 200 OK\r\n${"a: b\r\n".repeat(20_000)}`)],
    ["answered by half a reply", say("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{")],
    ["answered by broken gzip", say("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\nnot gzip")],
    ["answered by too much", say(`HTTP/1.1 200 OK\r\ncontent-length: ${99 * MB}\r\n\r\n{`)],
    [
      "made with a header that is none",
      async () => ["http://127.0.0.1:9/", { headers: { "a b": apikey } }],
    ],
    [
      "made with a value that is none",
      async () => ["http://127.0.0.1:9/", { headers: { apikey: `${apikey}\n` } }],
    ],
    ["called off", async () => [await raw(() => undefined), { signal: AbortSignal.timeout(100) }]],
    ["refused by a proxy that wants a name", proxied("407 Proxy Authentication Required")],
    ["refused by a proxy that fails", proxied("502 Bad Gateway")],
    ["left by a proxy", rawProxy((socket) => socket.destroy())],
    [
      "left by a proxy in the middle",
      rawProxy((socket) => void socket.once("data", () => socket.end("HTTP/1.1 2"))),
    ],
    ["kept waiting by a proxy", rawProxy(() => undefined)],
    [
      "answered by a proxy's broken header",
      rawProxy((socket) => socket.end("HTTP/1.1 200 OK\r\nbroken\r\n\r\n")),
    ],
    [
      "given to a proxy that is not there",
      async () => ["https://a.test/", { proxy: `http://me:${password}@127.0.0.1:9` }],
    ],
  ])("of a request that is %s", async (_, prepare) => {
    const prepared = await prepare();
    const [url, given] = typeof prepared === "string" ? [prepared, {}] : prepared;
    const error = await ask(url, given);
    expect(error).toBeInstanceOf(TransportError);
    expect((error as TransportError).cause).toBeUndefined();
    const told = [true, false].map((isWrite) =>
      toSilence("POST /users", error as TransportError, { isWrite, host: "app.example" }),
    );
    const options = { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true };
    const shown = [error as Error, ...told]
      .flatMap((one) => [inspect(one, options), JSON.stringify(one), one.stack])
      .join("\n");
    const basic = Buffer.from(`me:${password}`).toString("base64");
    for (const key of [...KEYS, basic]) expect(shown).not.toContain(key);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Failure } from "../../../src/cli/exit.ts";
import { readProxies } from "../../../src/cli/proxies.ts";
import type { Environment } from "../../../src/cli/terminal.ts";

const API = "https://app.api-us.cometchat.io/v3/users?page=1";
const PROXY = "http://proxy.example:3128";

function proxyOf(environment: Environment, url = API): string | undefined {
  return readProxies(environment)(url);
}

describe("the proxy", () => {
  test.each<[string, Environment, string | undefined]>([
    ["is none where nothing is set", {}, undefined],
    ["is HTTPS_PROXY", { HTTPS_PROXY: PROXY }, PROXY],
    [
      "is https_proxy before HTTPS_PROXY",
      { HTTPS_PROXY: "http://b", https_proxy: "http://a" },
      "http://a",
    ],
    ["is HTTPS_PROXY before ALL_PROXY", { ALL_PROXY: "socks5://c", HTTPS_PROXY: PROXY }, PROXY],
    ["is all_proxy, then ALL_PROXY", { all_proxy: PROXY, ALL_PROXY: "http://b" }, PROXY],
    [
      "is not HTTP_PROXY, which is for plain http",
      { HTTP_PROXY: PROXY, http_proxy: PROXY },
      undefined,
    ],
    ["counts as not set where it is empty", { HTTPS_PROXY: " ", ALL_PROXY: PROXY }, PROXY],
    [
      "is spoken to in plain http unless it says otherwise",
      { HTTPS_PROXY: "proxy.example:3128" },
      PROXY,
    ],
    [
      "may be spoken to by https",
      { HTTPS_PROXY: "https://proxy.example" },
      "https://proxy.example",
    ],
    [
      "may want a name and a password",
      { HTTPS_PROXY: "http://me:p%40ss@[::1]:8080" },
      "http://me:p%40ss@[::1]:8080",
    ],
  ])("%s", (_, environment, proxy) => {
    expect(proxyOf(environment)).toBe(proxy);
  });

  test.each([
    "http://127.0.0.1:4100/v3",
    "http://localhost/v3",
    "https://localhost:8443/v3",
    "https://127.1.2.3/v3",
    "https://[::1]/v3",
  ])("does not lead to this machine: %s", (url) => {
    expect(proxyOf({ HTTPS_PROXY: PROXY }, url)).toBeUndefined();
  });
});

describe("NO_PROXY", () => {
  test.each<[string, string, boolean]>([
    ["*", API, true],
    ["cometchat.io", API, true],
    [".cometchat.io", API, true],
    ["*.cometchat.io", API, true],
    ["APP.api-us.CometChat.io", API, true],
    ["a.example, app.api-us.cometchat.io", API, true],
    ["a.example app.api-us.cometchat.io", API, true],
    ["cometchat.io:443", API, true],
    ["cometchat.io:8443", API, false],
    ["cometchat.io:8443", "https://x.cometchat.io:8443/", true],
    ["chat.io", API, false],
    ["api-us", API, false],
    ["x.app.api-us.cometchat.io", API, false],
    ["", API, false],
    [",", API, false],
    ["10.1.2.3", "https://10.1.2.3/", true],
    ["10.0.0.0/8", "https://10.1.2.3/", true],
    ["10.0.0.0/8", "https://11.1.2.3/", false],
    ["10.0.0.0/33", "https://10.0.0.0/", false],
    ["10.0.0.0/", "https://10.0.0.0/", false],
    ["2.3", "https://10.1.2.3/", false],
    ["0.0.0.0/0", API, false],
    ["fd00::/8", "https://[fd00::7]/", true],
    ["fd00::7", "https://[fd00::7]/", true],
    ["[fd00::7]", "https://[fd00::7]/", true],
    ["[fd00::7]:8443", "https://[fd00::7]:8443/", true],
    ["[fd00::7]:8443", "https://[fd00::7]/", false],
  ])("%j for %s: %s", (exceptions, url, isDirect) => {
    for (const name of ["NO_PROXY", "no_proxy"]) {
      const proxy = proxyOf({ HTTPS_PROXY: PROXY, [name]: exceptions }, url);
      expect(proxy).toBe(isDirect ? undefined : PROXY);
    }
  });

  test("never fails, whatever stands in it", () => {
    const holds = fc.property(fc.string(), fc.webUrl({ validSchemes: ["https"] }), (text, url) => {
      expect([undefined, PROXY]).toContain(proxyOf({ HTTPS_PROXY: PROXY, NO_PROXY: text }, url));
    });
    fc.assert(holds);
  });
});

describe("a proxy that cannot be used", () => {
  test.each([
    ["http://", "It is not a URL"],
    ["http://me:hush-4711@", "It is not a URL"],
    ["http://me:hush-4711@host:99999", "It is not a URL"],
    ["socks5://me:hush-4711@host", "It must begin with http:// or https://; SOCKS is not spoken"],
    ["http://me:hush%4711%@host", "A % in its name or password must be written as %25"],
  ])("%s is told with its variable, and without its value", (value, detail) => {
    for (const name of ["HTTPS_PROXY", "all_proxy"]) {
      let failure: unknown;
      try {
        proxyOf({ [name]: value });
      } catch (error) {
        failure = error;
      }
      expect(failure).toBeInstanceOf(Failure);
      const { exit, diagnostics } = failure as Failure;
      expect({ exit, diagnostics }).toMatchObject({
        exit: 6,
        diagnostics: [
          {
            code: "app/configuration",
            summary: `${name} is no proxy that can be used`,
            detail: `${detail}.`,
          },
        ],
      });
      expect(JSON.stringify(diagnostics)).not.toContain("hush");
    }
  });

  test("is no trouble where it would not be used", () => {
    const environment = { HTTPS_PROXY: "socks5://host", NO_PROXY: "cometchat.io" };
    expect(proxyOf(environment)).toBeUndefined();
    expect(proxyOf(environment, "http://127.0.0.1/v3")).toBeUndefined();
  });
});

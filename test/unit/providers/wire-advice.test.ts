import { describe, expect, test } from "vitest";
import { toReplyError, toSilence } from "../../../src/providers/cometchat/reply.ts";
import { TransportError } from "../../../src/providers/http/transport.ts";

describe("a redirect", () => {
  const told = (status: number, headers: { readonly [name: string]: string } = {}) =>
    toReplyError("GET /users", { status, headers, text: "" }, (text) => text);

  test.each<[string | undefined, string]>([
    ["https://login.example/in?token=hush#hush", "a redirect to https://login.example"],
    ["https://me:hush@login.example:8443/hush", "a redirect to https://login.example:8443"],
    ["/hush/login", "a redirect within the same host"],
    ["hush", "a redirect within the same host"],
    ["//login.example/hush", "a redirect to https://login.example"],
    ["hush:hush", "a redirect to something that is no host"],
    [undefined, "a redirect to nowhere"],
  ])("to %s is told as %s", (location, said) => {
    const error = told(302, location === undefined ? {} : { location });
    expect(error).toMatchObject({
      kind: "unreadable",
      code: "HTTP_302",
      status: 302,
      message: `GET /users answered 302, ${said}`,
      reason: "Redirects are not followed: the keys would go wherever a reply says.",
      hint: expect.stringContaining("COMETCHAT_BASE_URL"),
    });
    expect(JSON.stringify(error)).not.toContain("hush");
  });

  test.each([300, 304, 305])("is not what %i is", (status) => {
    expect(told(status, { location: "https://a.example" }).message).not.toContain("redirect");
  });
});

describe("an exchange without a reply", () => {
  test.each<[string, string, string, RegExp]>([
    [
      "REPLY_TOO_LARGE",
      "was answered with more than 32 MB, and was cut off there",
      "No page",
      /COMETCHAT_BASE_URL/,
    ],
    ["PROXY_407", "was not let out by the proxy (407)", "The proxy asks", /HTTPS_PROXY/],
    ["PROXY_403", "was not let out by the proxy (403)", "The proxy does not open", /NO_PROXY/],
    ["PROXY_502", "was not let out by the proxy (502)", "The proxy failed", /NO_PROXY/],
    [
      "PROXY_UNREADABLE",
      "was not let out by the proxy (unreadable)",
      "The proxy failed",
      /HTTPS_PROXY/,
    ],
    [
      "SELF_SIGNED_CERT_IN_CHAIN",
      "got no answer from app.example (SELF_SIGNED_CERT_IN_CHAIN)",
      "The certificate",
      /NODE_EXTRA_CA_CERTS/,
    ],
    [
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "got no answer from app.example (UNABLE_TO_VERIFY_LEAF_SIGNATURE)",
      "The certificate",
      /NODE_EXTRA_CA_CERTS/,
    ],
    [
      "ERR_SSL_WRONG_VERSION_NUMBER",
      "got no answer from app.example (ERR_SSL_WRONG_VERSION_NUMBER)",
      "What answers there",
      /port/,
    ],
    [
      "ECONNREFUSED",
      "got no answer from app.example (ECONNREFUSED)",
      "The host cannot",
      /COMETCHAT_REGION/,
    ],
  ])("%s is told in its own words", (code, said, reason, hint) => {
    const error = toSilence("GET /users", new TransportError(code, false), {
      isWrite: false,
      host: "app.example",
    });
    expect(error).toMatchObject({
      kind: "unreachable",
      code,
      message: `GET /users ${said}`,
      reason: expect.stringContaining(reason),
      hint: expect.stringMatching(hint),
    });
  });

  test("leaves a write that may have arrived unknown, whatever became of the reply", () => {
    for (const code of ["REPLY_TOO_LARGE", "ERR_SSL_BAD_RECORD", "ECONNRESET"]) {
      expect(
        toSilence("POST /users", new TransportError(code, true), {
          isWrite: true,
          host: "app.example",
        }),
      ).toMatchObject({
        kind: "unknown-outcome",
        reason: "The call was sent, so it may have been carried out.",
        hint: expect.stringContaining("--resume finds out"),
      });
    }
  });
});

import { describe, expect, test } from "vitest";
import { baseUrlProblem } from "../../../src/cli/base-url.ts";
import type { Context } from "../../../src/cli/command.ts";
import { Failure } from "../../../src/cli/exit.ts";
import type { Flags } from "../../../src/cli/flags.ts";
import { type DeclaredTarget, resolveTarget } from "../../../src/cli/target.ts";
import type { Environment } from "../../../src/cli/terminal.ts";
import { plainPaint } from "../../../src/render/paint.ts";
import { openFakeTerminal } from "../../support/terminal.ts";

function resolve(
  flags: Flags,
  environment: Environment,
  declared: Partial<DeclaredTarget> = {},
): unknown {
  const context: Context = {
    command: "plan",
    flags,
    operands: [],
    terminal: openFakeTerminal({ environment }),
    version: "1.2.3",
    paint: plainPaint,
    notePaint: plainPaint,
  };
  try {
    return resolveTarget(context, { by: "The manifest", ...declared });
  } catch (error) {
    if (!(error instanceof Failure)) {
      throw error;
    }
    const [{ code, summary } = { code: "", summary: "" }] = error.diagnostics;
    return `${error.exit} ${code}: ${summary}`;
  }
}

describe("which app is meant", () => {
  const named = { COMETCHAT_APP_ID: "env-app", COMETCHAT_REGION: "eu" };

  test("flags win over the environment, the environment over nothing", () => {
    expect(resolve({ appId: "flag-app", region: "in" }, named)).toEqual({
      appId: "flag-app",
      region: "in",
      dialect: "auto",
    });
    expect(resolve({}, named)).toEqual({ appId: "env-app", region: "eu", dialect: "auto" });
  });

  test("a manifest alone is enough, and its dialect gives way to the flag", () => {
    const declared = { appId: "a", region: "us", dialect: "vendor" };
    expect(resolve({}, { COMETCHAT_APP_ID: " " }, declared)).toEqual(declared);
    expect(resolve({ dialect: "collection" }, {}, declared)).toMatchObject({
      dialect: "collection",
    });
  });

  test("a manifest that names another app or region is refused, both named", () => {
    expect(resolve({}, named, { appId: "other" })).toBe(
      "7 app/other-app: The manifest is for app other, but COMETCHAT_APP_ID says env-app",
    );
    expect(resolve({ region: "us" }, named, { region: "in" })).toBe(
      "7 app/other-region: The manifest is for region in, but --region says us",
    );
  });

  test("what is missing or no id is named, with the variable that holds it", () => {
    expect(resolve({}, {})).toBe(
      "6 app/configuration: No app is named: COMETCHAT_APP_ID is not set",
    );
    expect(resolve({ appId: "a" }, {})).toBe(
      "6 app/configuration: No region is named: COMETCHAT_REGION is not set",
    );
    expect(resolve({}, { ...named, COMETCHAT_APP_ID: "a/../b" })).toBe(
      '6 app/configuration: COMETCHAT_APP_ID is not valid: "a/../b"',
    );
    expect(resolve({}, { ...named, COMETCHAT_REGION: "US" })).toBe(
      '6 app/configuration: COMETCHAT_REGION is not valid: "US"',
    );
  });

  test("an emulator needs no names", () => {
    expect(resolve({ emulator: true }, {})).toEqual({
      appId: "emulator",
      region: "us",
      dialect: "auto",
    });
  });
});

test.each([
  ["https://app.api-us.cometchat.io/v3", undefined],
  ["http://127.0.0.1:4100/v3", undefined],
  ["http://localhost/v3", undefined],
  ["http://[::1]:80/v3", undefined],
  ["http://127.0.0.1.example.com/v3", "It must begin with https://"],
  ["http://example.com/v3", "It must begin with https://"],
  ["ftp://127.0.0.1/v3", "It must begin with https://"],
  ["https://me:secret@example.com", "It must not contain a user name or a password"],
  ["https://example.com/v3?x=1", "It must not have a query or a fragment"],
  ["https://example.com/v3#x", "It must not have a query or a fragment"],
  ["https://example.com/a/../v3", "It must not have . or .. in its path"],
  ["https://example.com/%2e%2E/v3", "It must not have . or .. in its path"],
  ["https://example.com/v3.1/..a", undefined],
  ["http://127.0.0.1.nip.io/v3", "It must begin with https://"],
  ["http://2130706433/v3", undefined],
  ["example.com", "It is not a URL"],
])("keys may be sent to %s: unless %s", (url, problem) => {
  expect(baseUrlProblem(url)?.slice(0, problem?.length)).toBe(problem);
});

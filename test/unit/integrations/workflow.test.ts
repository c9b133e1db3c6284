import fc from "fast-check";
import { expect, test } from "vitest";
import { toBody } from "../../../integrations/github/sticky.mjs";
import { quoted, toCommand } from "../../../integrations/github/workflow.mjs";

const runs = { numRuns: 200 };
/** Texts that are made of what means something to the runner. */
const hostile = fc
  .array(
    fc.constantFrom(
      "::",
      "::error::",
      "%",
      "%0A",
      "\n",
      "\r",
      ",",
      "=",
      "a",
      "é",
      "::set-output name=x::",
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

interface Command {
  readonly name: string;
  readonly properties: { readonly [name: string]: string };
  readonly data: string;
}

/** Reads a line as the runner does (documented: `::NAME KEY=VALUE,KEY=VALUE::DATA`). */
function readCommand(line: string): Command | undefined {
  const [, name, written, data] = /^::([a-z-]+)(?: (.*?))?::(.*)$/.exec(line) ?? [];
  if (name === undefined || data === undefined) return undefined;
  const pairs = (written ?? "").split(",").map((pair) => {
    const [key = "", ...value] = pair.split("=");
    return [key, decode(value.join("="))] as const;
  });
  return { name, properties: Object.fromEntries(pairs), data: decode(data) };
}

function decode(text: string): string {
  const characters: { readonly [code: string]: string } = {
    ...{ "%25": "%", "%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": "," },
  };
  return text.replaceAll(/%(?:25|0D|0A|3A|2C)/g, (code) => characters[code] ?? code);
}

test("an annotation is one command that says what it was given, whatever that is", () => {
  fc.assert(
    fc.property(hostile, hostile, hostile, (title, message, file) => {
      const line = toCommand({ level: "error", title, message, file, line: 3 });
      expect(line.split(/[\r\n]/)).toHaveLength(1);
      expect(readCommand(line)).toEqual({
        name: "error",
        properties: { file, line: "3", title },
        data: message,
      });
    }),
    runs,
  );
});

test("nothing in a text that is quoted is a command", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const lines = quoted(text).split("\n");
      if (text === "") return;
      const [, token = ""] = /^::stop-commands::(.+)$/.exec(lines[0] ?? "") ?? [];
      const end = lines.indexOf(`::${token}::`);
      expect(text).not.toContain(token);
      expect(lines.slice(1, end).join("\n")).toBe(text.replace(/\n$/, ""));
      expect(lines.slice(end + 1)).toEqual([""]);
    }),
    runs,
  );
});

test("a comment is never longer than GitHub takes, begins with its marker, and closes what it opened", () => {
  const line = fc.constantFrom(
    "- delete user/tom",
    "```text",
    "```",
    "<details>",
    "</details>",
    "",
  );
  const texts = fc.tuple(fc.array(line, { maxLength: 8 }), fc.nat(20_000));
  fc.assert(
    fc.property(texts, ([lines, times]) => {
      const body = toBody("<!-- marker -->", `${lines.join("\n")}\n`.repeat(times), []);
      expect(body.length).toBeLessThanOrEqual(65_536);
      expect(body.startsWith("<!-- marker -->\n")).toBe(true);
    }),
    { numRuns: 50 },
  );
  const long = toBody("m", `<details>\n\`\`\`text\n${"- user/tom\n".repeat(9_000)}`, []);
  expect(long).toMatch(
    /- user\/tom\n```\n<\/details>\n\n\*Too long for a comment: the rest is in the log of the job\.\*$/,
  );
  expect(toBody("m", "x".repeat(70_000), [])).toContain("Too long for a comment");
});

test("a comment has no secret in it", () => {
  expect(toBody("m", "key abcd1234, again abcd1234", ["abcd1234"])).toBe("m\nkey ***, again ***");
});

import { expect, test } from "vitest";
import { redact } from "../../../src/executor/secrets.ts";
import { LEFT_OUT, unlessRepeating } from "../../../src/model/secret.ts";

const PASSWORD = 'Vd3"kLs\\8';

test.each([
  ["as it is", `no ${PASSWORD}`],
  ["in JSON", JSON.stringify({ password: PASSWORD })],
  ["in JSON within JSON", JSON.stringify({ body: JSON.stringify({ password: PASSWORD }) })],
  ["in a URL", `?password=${encodeURIComponent(PASSWORD)}`],
  ["in base64", Buffer.from(PASSWORD).toString("base64")],
])("nothing is kept of a text that repeats a secret %s", (_, text) => {
  expect(unlessRepeating(text, ["other", PASSWORD])).toBe(LEFT_OUT);
});

test("a text that repeats none is kept, and an empty secret is in no text", () => {
  expect(unlessRepeating("too weak", ["", "other"])).toBe("too weak");
});

test("numbers and texts deep inside a write-only value are secrets as well", () => {
  const secrets = new Map([["user/ann#metadata.@private", { pin: 90210, deep: [{ a: "hush" }] }]]);
  const body = { metadata: { "@private": { $secret: "user/ann#metadata.@private" } } };
  expect(redact("pin 90210 is taken", body, secrets)).toBe(LEFT_OUT);
  expect(redact("hush is taken", body, secrets)).toBe(LEFT_OUT);
  expect(redact("ann is taken", body, secrets)).toBe("ann is taken");
});

import { expect, test } from "vitest";
import { quotaReadingOf } from "../../../src/providers/cometchat/quota-headers.ts";

const nowMs = Date.parse("2026-03-01T12:00:00Z");
const date = "Sun, 01 Mar 2026 12:00:00 GMT";
const later = (seconds: number) => new Date(nowMs + seconds * 1_000).toUTCString();
const unix = (seconds: number) => String(nowMs / 1_000 + seconds);
type Headers = { readonly [name: string]: string };

const read = (status: number, headers: Headers, wallMs = nowMs) =>
  quotaReadingOf({ status, headers, text: "" }, () => wallMs);
const waitOf = (headers: Headers, wallMs = nowMs) => read(429, headers, wallMs).endsInMs;

test("both documented spellings are understood", () => {
  const reading = { limit: 600, remaining: 12, isRefused: false, endsInMs: undefined };
  expect(read(200, { "x-ratelimit-limit": "600", "x-ratelimit-remaining": "12" })).toEqual(reading);
  expect(read(200, { "x-rate-limit": "600", "x-rate-limit-remaining": "12" })).toEqual(reading);
  const told = { date, "x-ratelimit-reset": unix(30) };
  expect(read(200, told).endsInMs).toBe(30_000);
  expect(read(429, { date, "x-rate-limit-reset": unix(30) })).toMatchObject({
    isRefused: true,
    endsInMs: 30_000,
  });
});

test.each<[string, Headers, number | undefined]>([
  ["seconds", { "retry-after": "7" }, 7_000],
  ["a date", { "retry-after": later(7) }, 7_000],
  ["a reset", { "x-ratelimit-reset": unix(9) }, 9_000],
  ["the longer of two", { "retry-after": "7", "x-rate-limit-reset": unix(9) }, 9_000],
  ["no time at all, which would be refused again", { "retry-after": "0" }, 1_000],
  ["years", { "retry-after": "99999999" }, 300_000],
  ["a negative number", { "retry-after": "-5" }, undefined],
  ["a time in the past", { "retry-after": later(-60), "x-ratelimit-reset": unix(-1) }, undefined],
  ["a wait, beside a reset in the past", { "retry-after": "5", "x-ratelimit-reset": "0" }, 5_000],
  ["words", { "retry-after": "soon", "x-ratelimit-reset": "later" }, undefined],
  ["nothing", { "retry-after": " " }, undefined],
])("a refusal may ask for %s", (_, headers, expected) => {
  expect(waitOf(headers)).toBe(expected);
  expect(waitOf({ date, ...headers }, nowMs + 3_600_000), "by the reply's own date").toBe(expected);
});

test("a count is no negative number and no word", () => {
  const headers = { "x-ratelimit-limit": "-1", "x-ratelimit-remaining": "many" };
  expect(read(200, headers)).toMatchObject({ limit: undefined, remaining: undefined });
});

test("of a reply that is no refusal, the reset counts only by the service's own date", () => {
  expect(read(200, { "x-ratelimit-reset": unix(30) }).endsInMs).toBeUndefined();
  expect(read(200, { date, "x-ratelimit-reset": unix(-3) }).endsInMs).toBeUndefined();
  expect(read(200, { date, "x-ratelimit-reset": unix(3_600) }).endsInMs).toBeUndefined();
  expect(read(200, { date, "retry-after": "3" }).endsInMs).toBeUndefined();
});

// A bare loop of got over the same calls: what a client costs before anything is decided.
import { readFileSync } from "node:fs";
import { Agent } from "node:http";
import got from "got";
import { dispatch, tell } from "./dispatch.mjs";

const { baseUrl, apiKey, concurrency, reads, calls } = JSON.parse(
  readFileSync(process.argv[2], "utf8"),
);
const agent = { http: new Agent({ keepAlive: true, maxSockets: concurrency }) };
const client = got.extend({
  agent,
  headers: { apikey: apiKey },
  responseType: "json",
  throwHttpErrors: false,
  retry: { limit: 0 },
});
const { origin } = new URL(baseUrl);
let failed = 0;

const startMs = performance.now();
await dispatch(
  reads.map((path) => ({ method: "GET", url: `${origin}${path}`, waits: [] })),
  concurrency,
  send,
);
await dispatch(
  calls.map((call) => ({ ...call, url: `${baseUrl}${call.path}` })),
  concurrency,
  send,
);
tell({ innerMs: performance.now() - startMs, failed });
agent.http.destroy();

async function send({ method, url, body }) {
  const json = body === undefined || body === null ? {} : { json: body };
  const reply = await client(url, { method, ...json });
  if (reply.statusCode >= 400) failed += 1;
}

// The floor: nothing but Node's own client on kept connections, given every call beforehand.
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { dispatch, tell } from "./dispatch.mjs";

const { baseUrl, apiKey, concurrency, reads, calls } = JSON.parse(
  readFileSync(process.argv[2], "utf8"),
);
const { hostname, port, origin } = new URL(baseUrl);
const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
let failed = 0;

const startMs = performance.now();
await dispatch(
  reads.map((path) => ({ method: "GET", url: path, waits: [] })),
  concurrency,
  send,
);
const prefix = baseUrl.slice(origin.length);
await dispatch(
  calls.map((call) => ({ ...call, url: `${prefix}${call.path}` })),
  concurrency,
  send,
);
tell({ innerMs: performance.now() - startMs, failed });
agent.destroy();

function send({ method, url, body }) {
  return new Promise((done, fail) => {
    const text = body === undefined || body === null ? undefined : JSON.stringify(body);
    const headers = { apikey: apiKey, accept: "application/json" };
    if (text !== undefined) {
      headers["content-type"] = "application/json";
      headers["content-length"] = Buffer.byteLength(text);
    }
    const call = request({ agent, hostname, port, method, path: url, headers }, (reply) => {
      const parts = [];
      reply.on("data", (part) => parts.push(part));
      reply.on("error", fail);
      reply.on("end", () => {
        JSON.parse(Buffer.concat(parts).toString("utf8"));
        if (reply.statusCode >= 400) failed += 1;
        done();
      });
    });
    call.on("error", fail);
    call.end(text);
  });
}

// The user's Postman collection, run once for each object: newman sends one request after the other.
import { readFileSync } from "node:fs";
import newman from "newman";
import { tell } from "./dispatch.mjs";

const { baseUrl, apiKey, collection, runs } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const source = JSON.parse(readFileSync(collection, "utf8"));
let failed = 0;

const startMs = performance.now();
for (const { item, body, variable, rows } of runs) {
  if (rows.length > 0)
    failed += await iterate(withBody(findItem(source.item, item), body, variable), rows);
}
tell({ innerMs: performance.now() - startMs, failed });

function iterate(item, iterationData) {
  const options = {
    collection: { ...source, item: [item] },
    iterationData,
    envVar: [
      { key: "baseUrl", value: baseUrl },
      { key: "apikey", value: apiKey },
    ],
    reporters: [],
  };
  return new Promise((done, fail) => {
    newman.run(options, (error, summary) => {
      if (error !== null) fail(error);
      else done(summary.run.executions.filter(({ response }) => !(response?.code < 400)).length);
    });
  });
}

function findItem(items, name) {
  for (const item of items) {
    if (item.name === name && item.request !== undefined) return item;
    const found = item.item === undefined ? undefined : findItem(item.item, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The request as it stands, with places for the row's values where the collection has its example's. */
function withBody(item, body, variable) {
  const copy = structuredClone(item);
  copy.request.body.raw = JSON.stringify(body);
  if (variable !== undefined) copy.request.url.variable = [variable];
  return copy;
}

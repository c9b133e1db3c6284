// The GitHub Action's program: plain Node without packages, because it runs before there are any.
import { runAction } from "./run-action.mjs";
import { createTool } from "./tool.mjs";

const write = (text) => process.stdout.write(text);

process.exitCode = await runAction({
  env: process.env,
  fetch: (url, init) => fetch(url, init),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  createTool: (settings) => createTool({ ...settings, write }),
  write,
});

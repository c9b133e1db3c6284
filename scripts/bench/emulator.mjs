import { spawn } from "node:child_process";

/** More calls a minute than any cell makes. */
export const noQuota = "999999999";

/**
 * Starts the emulator in a process of its own.
 *
 * `cli` is the built command line; `flags` are those of `emulate` besides the port.
 */
export async function startEmulator(cli, flags) {
  const args = ["--max-old-space-size=12000", cli, "emulate", "--port", "0", ...flags];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((done) => child.once("exit", done));
  const killAtEnd = () => child.kill();
  process.once("exit", killAtEnd);
  const banner = await untilStarted(child);
  const variables = Object.fromEntries(
    [...banner.matchAll(/(COMETCHAT_\w+)=(\S+)/g)].map(([, name, value]) => [name, value]),
  );
  const baseUrl = variables.COMETCHAT_BASE_URL;
  const ask = async (method, path) => {
    const reply = await fetch(new URL(path, baseUrl), { method });
    if (!reply.ok) throw new Error(`The emulator answered ${method} ${path} with ${reply.status}.`);
    return reply.json();
  };
  return {
    variables,
    baseUrl,
    apiKey: variables.COMETCHAT_API_KEY,
    reset: () => ask("POST", "/_emulator/reset"),
    clearLog: () => ask("DELETE", "/_emulator/log"),
    log: () => ask("GET", "/_emulator/log"),
    stop: async () => {
      child.kill("SIGINT");
      await ended;
      process.off("exit", killAtEnd);
    },
  };
}

/** What the emulator was asked, whoever asked it. */
export function countCalls(log) {
  const counts = { reads: 0, writes: 0, refused: 0 };
  for (const { method, status } of log) {
    if (status === 429) counts.refused += 1;
    else if (method === "GET") counts.reads += 1;
    else counts.writes += 1;
  }
  return counts;
}

/** The path and query of each read, to be sent again by somebody else. */
export function readPaths(log) {
  return log
    .filter(({ method, status }) => method === "GET" && status === 200)
    .map(({ path, query }) => {
      const text = new URLSearchParams(query).toString();
      return text === "" ? path : `${path}?${text}`;
    });
}

function untilStarted(child) {
  return new Promise((done, fail) => {
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (part) => {
      text += part;
      if (text.includes("Ctrl-C")) done(text);
    });
    child.once("exit", () => fail(new Error("The emulator did not start.")));
  });
}

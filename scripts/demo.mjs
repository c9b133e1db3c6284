// The whole tool against its own emulator: what a newcomer without an account can watch.
// Runs the built command line as anybody would, and fails if anything is not as expected.
import { spawn, spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const cli = join(root, "dist", "cli", "main.js");
const startMsMax = 20_000;

/** Values that the examples take from the environment; an emulator has no real secrets. */
const exampleVariables = {
  STAFF_ROOM_PASSWORD: "only-for-the-demo",
};

const story = [
  { args: ["plan", "examples/cometchat.yaml"], expect: /to create/ },
  {
    args: ["apply", "--yes", "--quiet", "examples/cometchat.yaml"],
    expect: /everything is as planned/,
  },
  { args: ["plan", "--detailed-exitcode", "examples/cometchat.yaml"], expect: /match/ },
  {
    args: ["plan", "examples/cometchat-next.yaml"],
    expect: /[1-9]\d* to update.*[1-9]\d* to delete/,
  },
  {
    args: ["apply", "--yes", "--quiet", "examples/cometchat-next.yaml"],
    expect: /everything is as planned/,
  },
  { args: ["plan", "--detailed-exitcode", "examples/cometchat-next.yaml"], expect: /match/ },
  { args: ["apply", "--yes", "--quiet", "examples/seed"], expect: /everything is as planned/ },
  { args: ["plan", "--detailed-exitcode", "examples/seed"], expect: /match/ },
];

const emulator = await startEmulator(["emulate", "--port", "0", "--memory", "--sample"]);
try {
  for (const { args, expect } of story) {
    runStep(args, expect, emulator.variables);
  }
} finally {
  await emulator.stop();
}
console.log("The app is what the manifest says. Try your own: cometform plan --emulator FILE");

function runStep(args, expected, variables) {
  console.log(`$ cometform ${args.join(" ")}`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd: root,
    encoding: "utf8",
    env: environment({ ...exampleVariables, ...variables }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  process.stderr.write(stderr);
  console.log(stdout);
  if (status !== 0 || !expected.test(stdout)) {
    throw new Error(`The demo expected exit code 0 and ${expected}; it was ${status}.`);
  }
}

/** Starts the emulator and waits for its banner, which names everything a client has to know. */
async function startEmulator(args) {
  console.log(`$ cometform ${args.join(" ")} &`);
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: root,
    env: environment({}),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((done) => child.once("exit", done));
  let banner = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    banner += text;
  });
  const deadlineMs = Date.now() + startMsMax;
  while (!banner.includes("Ctrl-C")) {
    if (child.exitCode !== null || Date.now() > deadlineMs) {
      child.kill();
      throw new Error("The emulator did not start.");
    }
    await new Promise((done) => setTimeout(done, 20));
  }
  console.log(banner);
  return {
    variables: Object.fromEntries(
      [...banner.matchAll(/(COMETCHAT_\w+)=(\S+)/g)].map(([, name, value]) => [name, value]),
    ),
    stop: async () => {
      child.kill("SIGINT");
      if ((await ended) !== 0) {
        throw new Error("The emulator did not end cleanly.");
      }
    },
  };
}

/** Nothing of a real app must reach the demo. */
function environment(variables) {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("COMETCHAT_"));
  const colour = process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
  return { ...Object.fromEntries(own), ...colour, ...variables };
}

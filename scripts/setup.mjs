// Makes a fresh checkout ready to run: installs packages and builds, each only if it is needed.
// Plain Node without packages, because it runs before there are any.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "./build.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const packagesStamp = join(root, "node_modules", ".package-lock.json");
const buildStamp = join(root, "dist", "cli", "main.js");
const lock = join(root, ".cometform", "setup.lock");

checkNode();
const release = await acquireLock();
try {
  if (changedMs(packagesStamp) < changedMs(join(root, "package-lock.json"))) {
    install();
  }
  if (
    changedMs(buildStamp) <
    newestMs([
      "src",
      "schemas",
      "package.json",
      "tsconfig.json",
      "tsconfig.build.json",
      "scripts/build.mjs",
      "scripts/bundle.config.mjs",
    ])
  ) {
    makeDist();
  }
} finally {
  release();
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    stop(`cometform needs Node 20.19 or later; this is ${process.versions.node}.`);
  }
}

function install() {
  console.error("installing packages…");
  const quiet = ["--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  // A registry that lacks packages of other platforms makes `npm ci` refuse the lock file, which
  // `npm install` then follows as far as it goes.
  if (runNpm(["ci", ...quiet]).status !== 0) {
    const { status, output } = runNpm(["install", "--no-save", ...quiet]);
    if (status !== 0) {
      stop(`Installing failed. Is the package registry reachable?\n${output}`);
    }
  }
  // npm keeps the lock file's times in some versions, so the stamp is set here.
  touch(packagesStamp);
}

function runNpm(args) {
  const isWindows = process.platform === "win32";
  return run(isWindows ? "npm.cmd" : "npm", args, isWindows);
}

function makeDist() {
  console.error("building…");
  const startMs = Date.now();
  const problem = build();
  if (problem !== "") {
    stop(`The build failed.\n${problem}`);
  }
  // Sources that were changed while it ran are newer than this, so that they are built next time.
  touch(buildStamp, startMs);
}

function run(command, args, shell = false) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    shell,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { status, output: `${error?.message ?? ""}${stdout ?? ""}${stderr ?? ""}` };
}

function changedMs(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

function newestMs(names) {
  return Math.max(...names.map((name) => newestBelow(join(root, name))));
}

function newestBelow(path) {
  if (!existsSync(path)) {
    return 0;
  }
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) {
    return mtimeMs;
  }
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newestBelow(join(path, name))));
}

function touch(path, ms = Date.now()) {
  mkdirSync(dirname(path), { recursive: true });
  if (!existsSync(path)) {
    writeFileSync(path, "");
  }
  utimesSync(path, new Date(ms), new Date(ms));
}

/** Two set-ups at once would remove each other's packages; the second one waits. */
async function acquireLock() {
  mkdirSync(dirname(lock), { recursive: true, mode: 0o700 });
  while (!tryLock()) {
    if (!isHeld()) {
      rmSync(lock, { force: true });
      continue;
    }
    await new Promise((done) => setTimeout(done, 200));
  }
  const unlock = () => rmSync(lock, { force: true });
  process.once("exit", unlock);
  return unlock;
}

function tryLock() {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") {
      return false;
    }
    throw error;
  }
}

/** A set-up that was interrupted leaves its lock behind, but its process is gone. */
function isHeld() {
  try {
    const holder = Number(readFileSync(lock, "utf8"));
    return holder > 0 ? process.kill(holder, 0) : Date.now() - changedMs(lock) < 5_000;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function stop(message) {
  console.error(message.trim());
  process.exit(1);
}

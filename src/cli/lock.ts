import { createHash, randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { access, constants, mkdir, open, readFile, rm, stat } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { isJsonObject } from "../model/json.ts";
import type { Context } from "./command.ts";
import { exitCodes, type Failure, fail } from "./exit.ts";
import { openStateFolder } from "./files.ts";
import { variable } from "./terminal.ts";

/** How often a lock that somebody holds is looked at again, where one waits for it. */
const retryMs = 250;
/** Taking over a dead process's lock takes an instant; whoever has begun to so long ago died of it. */
const breakMsMax = 10_000;

/** Who holds a lock. */
interface Holder {
  readonly id: string;
  readonly process: number;
  /** When that process began, in the system's own count; tells it from a later one of that number. */
  readonly born: string | null;
  readonly host: string;
  readonly command: string;
  readonly since: string;
}

/** What is locked: one app, as it is reached. */
export interface LockSubject {
  readonly appId: string;
  /** Its address, or the file it is kept in. */
  readonly place: string;
}

/**
 * Does something while no other apply or destroy on this machine works on the same app: neither would
 * see what the other one overwrites.
 *
 * @throws Failure when another one is under way, and does not end in time.
 */
export async function withLock<T>(
  context: Context,
  subject: LockSubject,
  work: () => Promise<T>,
): Promise<T> {
  const file = await lockFile(context, subject);
  const holder = toHolder(context);
  const endMs = performance.now() + (context.flags.lockTimeout ?? 0);
  while (!(await tryToLock(file, holder))) {
    if (performance.now() >= endMs || context.terminal.signal.aborted) {
      throw locked(subject, file, await readHolder(file));
    }
    await new Promise((wake) => setTimeout(wake, retryMs));
  }
  try {
    return await work();
  } finally {
    // Only our own: a lock that was taken from us belongs to somebody else by now.
    if ((await readHolder(file))?.id === holder.id) await rm(file, { force: true });
  }
}

/** The same file for every working directory of this user, wherever there is a place for it. */
async function lockFile({ terminal }: Context, { appId, place }: LockSubject): Promise<string> {
  const name = `${createHash("sha256").update(`${place}\n${appId}`).digest("hex").slice(0, 32)}.lock`;
  const { environment } = terminal;
  const home = variable(environment, "HOME");
  const states =
    variable(environment, "XDG_STATE_HOME") ??
    (home === undefined ? undefined : join(home, ".local", "state"));
  const shared = join(tmpdir(), `cometform-locks-${process.getuid?.() ?? "all"}`);
  // A home that cannot be written to, or none at all, is common in containers.
  for (const folder of [
    ...(states === undefined ? [] : [join(states, "cometform", "locks")]),
    shared,
  ]) {
    if (await isOurs(folder)) {
      return join(folder, name);
    }
  }
  const folder = join(await openStateFolder(terminal.cwd), "locks");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return join(folder, name);
}

/** Whether a folder is there, or can be made, and nobody else can put anything into it. */
async function isOurs(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK);
    const { uid, mode } = await stat(folder);
    return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
  } catch {
    return false;
  }
}

function toHolder({ command }: Context): Holder {
  const since = new Date().toISOString();
  return {
    id: randomUUID(),
    process: process.pid,
    born: birthOf(process.pid),
    host: hostname(),
    command,
    since,
  };
}

async function tryToLock(file: string, holder: Holder): Promise<boolean> {
  if (await create(file, holder)) return true;
  const other = await readHolder(file);
  if (other !== undefined && isAlive(other)) return false;
  // Of several who find a dead process's lock, one may break it.
  const breaking = `${file}.breaking`;
  if (!(await create(breaking, holder))) {
    const begun = await stat(breaking).catch(() => undefined);
    if (begun !== undefined && Date.now() - begun.mtimeMs > breakMsMax)
      await rm(breaking, { force: true });
    return false;
  }
  try {
    const still = await readHolder(file);
    if (still === undefined || !isAlive(still)) await rm(file, { force: true });
    return await create(file, holder);
  } finally {
    await rm(breaking, { force: true });
  }
}

/** Whether the file was not there and is now. */
async function create(file: string, holder: Holder): Promise<boolean> {
  try {
    const handle = await open(file, "wx", 0o600);
    await handle.writeFile(JSON.stringify(holder));
    await handle.close();
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Who holds it; a lock that is being written belongs to somebody, so it is read again. */
async function readHolder(file: string): Promise<Holder | undefined> {
  for (let tries = 0; tries < 5; tries += 1) {
    const text = await readFile(file, "utf8").catch(() => undefined);
    if (text === undefined) return undefined;
    const holder = parse(text);
    if (holder !== undefined) return holder;
    await new Promise((wake) => setTimeout(wake, 20));
  }
  return undefined;
}

function parse(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) && typeof value["process"] === "number"
      ? (value as unknown as Holder)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a process may still be at work; of other machines nothing can be said. */
function isAlive({ process: id, born, host }: Holder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(id, 0);
  } catch (error) {
    // Somebody else's process cannot be signalled, and is there.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  return born === null || birthOf(id) === born;
}

/** What is told of a process that has ended and is not cleared away yet. */
const deceased = "deceased";

/** When a process began, where the system tells. */
function birthOf(id: number): string | null {
  const file = `/proc/${id}/stat`;
  if (!existsSync(file)) return null;
  try {
    const text = readFileSync(file, "utf8");
    // The name before it is in brackets and may hold anything.
    const [state, ...counts] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? deceased : (counts[18] ?? null);
  } catch {
    return null;
  }
}

function locked({ appId }: LockSubject, file: string, holder: Holder | undefined): Failure {
  const who =
    holder === undefined
      ? "another process"
      : `${holder.command}, process ${holder.process} on ${holder.host}, since ${holder.since.slice(0, 19).replace("T", " ")} UTC`;
  return fail(exitCodes.unfinished, {
    code: "apply/locked",
    summary: `Somebody is at work on app ${appId} already: ${who}. Nothing was changed`,
    detail: "Two at once would overwrite each other's work without seeing it.",
    hint: `Wait for it to end (--lock-timeout 10m does). If it is long gone, delete ${file}.`,
  });
}

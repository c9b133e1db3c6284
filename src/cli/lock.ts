import { createHash, randomUUID } from "node:crypto";
import { access, constants, link, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { type Context, say } from "./command.ts";
import { exitCodes, type Failure, fail } from "./exit.ts";
import { makeFolder, openStateFolder } from "./files.ts";
import { type Holder, isAlive, readHolder, toHolder } from "./lock-holder.ts";
import { variable } from "./terminal.ts";

/** How often a lock that somebody holds is looked at again, where one waits for it. */
const retryMs = 250;

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
 * @throws Failure when another one is under way, and does not end in time; the signal's reason when the
 * user does not wait for it.
 */
export async function withLock<T>(
  context: Context,
  subject: LockSubject,
  work: () => Promise<T>,
): Promise<T> {
  const file = await lockFile(context, subject);
  const holder = toHolder(context.command);
  const { lockTimeout = 0 } = context.flags;
  const endMs = performance.now() + lockTimeout;
  let isTold = false;
  while (!(await tryToLock(file, holder))) {
    context.terminal.signal.throwIfAborted();
    if (performance.now() >= endMs) {
      throw locked(subject, file, await readHolder(file));
    }
    if (!isTold) {
      const until = timeText(new Date(Date.now() + lockTimeout).toISOString());
      say(context, `Waiting until ${until} for ${whoText(await readHolder(file))}.`);
      isTold = true;
    }
    await new Promise((wake) => setTimeout(wake, retryMs));
  }
  try {
    return await work();
  } finally {
    // Only our own: a lock that was taken from us belongs to somebody else by now.
    if (idOf(await readHolder(file)) === holder.id) await rm(file, { force: true });
  }
}

/** The same file for every working directory of this user, wherever there is a place for it. */
async function lockFile({ terminal }: Context, { appId, place }: LockSubject): Promise<string> {
  const name = `${createHash("sha256").update(`${place}\n${appId}`).digest("hex").slice(0, 32)}.lock`;
  const { environment } = terminal;
  const home = variable(environment, "HOME");
  const states =
    absolute(variable(environment, "XDG_STATE_HOME")) ??
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
  await makeFolder(folder).catch(() => undefined);
  if (!(await takesLinks(folder).catch(() => false))) {
    throw fail(exitCodes.unexpected, {
      code: "apply/no-lock",
      summary: "There is no folder in which a lock could be kept. Nothing was changed",
      detail: "Without it two applies at once would overwrite each other's work without seeing it.",
      hint: "Set XDG_STATE_HOME to a folder of your own, on a file system with hard links.",
    });
  }
  return join(folder, name);
}

/**
 * Whether a folder is there, or can be made, nobody else can put anything into it, and files in it can
 * have two names, by which a lock appears whole.
 */
async function isOurs(folder: string): Promise<boolean> {
  try {
    await makeFolder(folder);
    await access(folder, constants.W_OK);
    const { uid, mode } = await stat(folder);
    const isPrivate =
      process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
    return isPrivate && (await takesLinks(folder));
  } catch {
    return false;
  }
}

async function takesLinks(folder: string): Promise<boolean> {
  const probe = join(folder, `${randomUUID()}.probe`);
  try {
    await writeFile(probe, "", { flag: "wx", mode: 0o600 });
    await link(probe, `${probe}.link`);
    return true;
  } finally {
    await rm(probe, { force: true });
    await rm(`${probe}.link`, { force: true });
  }
}

function idOf(holder: Holder | string): string | undefined {
  return typeof holder === "string" ? undefined : holder.id;
}

/** Tries once; a lock that a dead process left, or that says nothing, is broken. */
async function tryToLock(file: string, holder: Holder): Promise<boolean> {
  if (await create(file, holder)) return true;
  if (!isFree(await readHolder(file))) return false;
  // Of several who find it, one at a time may break it: none takes the next one's lock for the old one.
  const breaking = `${file}.breaking`;
  if (!(await create(breaking, holder))) {
    if (!isFree(await readHolder(breaking))) return false;
    // Who was about to break it has died of it.
    await remove(breaking);
    return await tryToLock(file, holder);
  }
  try {
    if (isFree(await readHolder(file))) await remove(file);
    return await create(file, holder);
  } finally {
    await rm(breaking, { force: true });
  }
}

function isFree(holder: Holder | "none" | "nobody"): boolean {
  return holder === "none" || holder === "nobody" || !isAlive(holder);
}

/**
 * Takes a free lock away, and puts it back where it turns out to be another one, which somebody has made
 * since it was read.
 */
async function remove(file: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (isCode(error, "ENOENT")) return;
    throw error;
  }
  if (!isFree(await readHolder(aside))) {
    await link(aside, file).catch(() => undefined);
  }
  await rm(aside, { force: true });
}

/** Whether the file was not there and is now; it appears with its content, so that nobody finds it empty. */
async function create(file: string, holder: Holder): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, JSON.stringify(holder), { flag: "wx", mode: 0o600 });
    await link(draft, file);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

function whoText(holder: Holder | string): string {
  return typeof holder === "string"
    ? "another process"
    : `${holder.command}, process ${holder.process} on ${holder.host}, since ${timeText(holder.since)}`;
}

function timeText(iso: string): string {
  return `${iso.slice(0, 19).replace("T", " ")} UTC`;
}

function locked({ appId }: LockSubject, file: string, holder: Holder | string): Failure {
  return fail(exitCodes.unfinished, {
    code: "apply/locked",
    summary: `Somebody is at work on app ${appId} already: ${whoText(holder)}. Nothing was changed`,
    detail: "Two at once would overwrite each other's work without seeing it.",
    hint: `Wait for it to end (--lock-timeout 10m does). If it is long gone, delete ${file}.`,
  });
}

/** A relative path is to be ignored there (XDG Base Directory Specification). */
function absolute(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) ? path : undefined;
}

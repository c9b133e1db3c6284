import { access, constants, type FileHandle, open, readFile, stat } from "node:fs/promises";
import { Socket } from "node:net";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isJsonObject, type JsonObject } from "../model/json.ts";
import { type Context, say } from "./command.ts";
import { isOwnDescriptor } from "./descriptor.ts";
import { exitCodes, type Failure, fail } from "./exit.ts";
import { errorCode } from "./files.ts";

/** How long until it is looked whether a socket has taken what it was given. */
const SOCKET_MS = 2;
/** How long until a pipe is tried again of which nobody reads, or that is full. */
const PIPE_MS = 50;

/** Where events go. */
export interface EventFile {
  /** Writes all of a text; gives up once it is late and nobody takes any more of it. */
  write(text: string, isLate: () => boolean): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens what `--events` names: a file, which is replaced if it is empty or holds events, or a pipe, for
 * the reader of which is waited.
 *
 * @throws Failure when something else is in the way, or it cannot be written.
 */
export async function openEventFile(context: Context, file: string): Promise<EventFile> {
  requireApart(context, file);
  const path = resolve(context.terminal.cwd, file);
  const found = await stat(path).catch(() => undefined);
  try {
    // A socket has no name by which it could be opened again.
    if (found?.isSocket() === true) return toSocketFile(file);
    const isPipe = found !== undefined && !found.isFile();
    return toEventFile(isPipe ? await openPipe(context, file) : await openOwn(path, file));
  } catch (error) {
    throw context.terminal.signal.aborted ? error : unwritable(file, error);
  }
}

/**
 * Makes sure that events can be written to what `--events` names, as far as that can be told without
 * opening it.
 *
 * @throws Failure when something else is in the way, or it cannot be written.
 */
export async function requireEventPlace(context: Context, file: string): Promise<void> {
  requireApart(context, file);
  const path = resolve(context.terminal.cwd, file);
  try {
    await requireGiven(path);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) return await access(dirname(path), constants.W_OK);
    // Of a pipe or a socket only opening it tells; of a folder reading does.
    if (!found.isFile() && !found.isDirectory()) return;
    await access(path, constants.W_OK);
    if (!isOurs(await readFile(path, "utf8"))) throw inTheWay(file);
  } catch (error) {
    throw unwritable(file, error);
  }
}

/** Makes sure that a descriptor is one that the caller has given us. */
async function requireGiven(path: string): Promise<void> {
  const [, descriptor] = /^\/(?:dev|proc\/self)\/fd\/(\d+)$/.exec(path) ?? [];
  if (descriptor !== undefined && (await isOwnDescriptor(descriptor))) {
    throw Object.assign(new Error("nobody has opened it"), { code: "EBADF" });
  }
}

async function openPipe(context: Context, file: string): Promise<FileHandle> {
  const { cwd, signal } = context.terminal;
  let isTold = false;
  for (;;) {
    try {
      return await open(resolve(cwd, file), PIPE_FLAGS);
    } catch (error) {
      // Nobody has opened the other end yet.
      if (errorCode(error) !== "ENXIO" || signal.aborted) throw error;
      if (!isTold) say(context, `Waiting until somebody reads ${file}.`);
      isTold = true;
      await sleep(PIPE_MS);
    }
  }
}

/** Not to be held up by a pipe that is full, neither while writing nor at the end. */
const PIPE_FLAGS = constants.O_WRONLY | constants.O_NONBLOCK;

/** Standard output is one JSON document, or nothing at all of events. */
function requireApart({ flags }: Context, file: string): void {
  if (flags.json === true && /^\/dev\/(?:stdout|fd\/1)$/.test(file)) {
    throw fail(exitCodes.usage, {
      code: "cli/events",
      summary: `--json and --events ${file} would write into each other`,
      hint: "Give the events a file or a descriptor of their own: --events /dev/fd/3 3>events.ndjson.",
    });
  }
}

async function openOwn(path: string, file: string): Promise<FileHandle> {
  // What is read to look at it must not decide where is written.
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND;
  const handle = await open(path, flags, 0o600);
  try {
    if (!isOurs(await handle.readFile("utf8"))) {
      throw inTheWay(file);
    }
    await handle.truncate(0);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function inTheWay(file: string): Failure {
  return fail(exitCodes.usage, {
    code: "file/in-the-way",
    summary: `${file} is there already, and is not ours to replace: it is left as it is`,
    hint: "Name another file for --events.",
  });
}

/** Whether a file is empty or begins with an event. A journal begins with the plan, and is kept. */
function isOurs(text: string): boolean {
  if (text.trim() === "") {
    return true;
  }
  try {
    const first: unknown = JSON.parse(text.split("\n", 1)[0] ?? "");
    return isJsonObject(first) && isEvent(first);
  } catch {
    return false;
  }
}

const eventTypes = [
  "begin",
  "resume",
  "intent",
  "outcome",
  "skip",
  "progress",
  "verify",
  "wait",
  "end",
];

function isEvent({ at, type, plan }: JsonObject): boolean {
  const isTold = typeof at === "string" && typeof type === "string" && eventTypes.includes(type);
  return isTold && plan === undefined;
}

function unwritable(file: string, error: unknown): unknown {
  const code = errorCode(error);
  return code === undefined
    ? error
    : fail(exitCodes.unexpected, {
        code: "file/unwritable",
        summary: `${file} cannot be written (${code})`,
        hint: "Name another file for --events; nothing was changed.",
      });
}

function toEventFile(handle: FileHandle): EventFile {
  return {
    write: async (text, isLate) => {
      let rest = Buffer.from(text);
      while (rest.length > 0) {
        try {
          const { bytesWritten } = await handle.write(rest);
          rest = rest.subarray(bytesWritten);
        } catch (error) {
          if (errorCode(error) !== "EAGAIN" || isLate()) throw error;
          await sleep(PIPE_MS);
        }
      }
    },
    close: () => handle.close(),
  };
}

/** A descriptor that a program has given us as one end of a socket, as Node does. */
function toSocketFile(file: string): EventFile {
  const [, fd] = /^\/dev\/fd\/(\d+)$/.exec(file) ?? [];
  const known = { "/dev/stdout": 1, "/dev/stderr": 2 }[file];
  const socket = new Socket({ fd: known ?? Number(fd), readable: false, writable: true });
  let failure: unknown;
  socket.on("error", (error) => {
    failure = error;
  });
  return {
    write: async (text, isLate) => {
      let isWritten = false;
      socket.write(text, (error) => {
        failure ??= error ?? undefined;
        isWritten = true;
      });
      while (!isWritten && failure === undefined) {
        if (isLate()) throw new Error("nobody reads them");
        await sleep(SOCKET_MS);
      }
      if (failure !== undefined) throw failure;
    },
    close: async () => {
      socket.destroy();
    },
  };
}

import { randomUUID } from "node:crypto";
import {
  access,
  chmod,
  constants,
  mkdir,
  open,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Context } from "./command.ts";
import { type ExitCode, exitCodes, fail } from "./exit.ts";

/** The folder next to the manifest in which the tool keeps what is its own. */
export const stateFolder = ".cometform";

/**
 * Reads a text file.
 *
 * @throws Failure with `exit` when there is none, or it cannot be read as text.
 */
export async function readText(cwd: string, file: string, exit: ExitCode): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(resolve(cwd, file));
  } catch (error) {
    throw unreadable(file, error, exit);
  }
  return decode(file, bytes, exit);
}

/** Bytes as text; what is not UTF-8 is refused, so that no name is silently mangled. */
export function decode(file: string, bytes: Uint8Array, exit: ExitCode): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw fail(exit, {
      code: "file/not-text",
      summary: `${file} is not UTF-8 text`,
      hint: "Save it as UTF-8, or name another file.",
    });
  }
}

/** Why a file cannot be read, for the person who named it. */
export function unreadable(file: string, error: unknown, exit: ExitCode): Error {
  const code = errorCode(error);
  if (code === undefined) {
    return error instanceof Error ? error : new Error(String(error));
  }
  if (code === "ENOENT" || code === "ENOTDIR") {
    return fail(exit, {
      code: "file/not-found",
      summary: `${file} does not exist`,
      hint: "Check the name and the working directory.",
    });
  }
  return fail(exit, {
    code: "file/unreadable",
    summary: `${file} cannot be read (${code})`,
    hint: code === "EISDIR" ? "It is a folder: name a file." : "Check its permissions.",
  });
}

/**
 * Makes sure that a file may be written where this name says: what is there already is only replaced
 * if it is ours.
 *
 * @throws Failure when something of somebody's is there, or nothing that can be replaced.
 */
export async function requirePlace(
  { terminal }: Context,
  { file, flag }: { readonly file: string; readonly flag: string },
  isOurs: (text: string) => boolean,
): Promise<void> {
  const path = resolve(terminal.cwd, file);
  const found = await stat(path).catch(() => undefined);
  if (file === "-" || (found !== undefined && !found.isFile())) {
    throw fail(exitCodes.usage, {
      code: "file/no-file",
      summary: `${file} is no file that could be written`,
      hint: `Name a file for ${flag}.`,
    });
  }
  await requireFolder(path, { file, flag });
  const text = found === undefined ? "" : await readFile(path, "utf8").catch(() => "");
  if (text.trim() !== "" && !isOurs(text)) {
    throw fail(exitCodes.usage, {
      code: "file/in-the-way",
      summary: `${file} is there already, and is not ours to replace: it is left as it is`,
      hint: `Name another file for ${flag}.`,
    });
  }
}

/** A draft is made beside the file, so its folder has to be there and open, whatever the file is. */
async function requireFolder(
  path: string,
  { file, flag }: { readonly file: string; readonly flag: string },
): Promise<void> {
  try {
    const folder = dirname(await targetOf(path));
    // With a slash a file is no folder.
    await access(`${folder}/`, constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = errorCode(error) ?? "unknown";
    throw fail(exitCodes.usage, {
      code: "file/unwritable",
      summary: `${file} cannot be written (${code}); nothing was asked or done`,
      hint: `${hintFor(code)}: ${flag} FILE.`,
    });
  }
}

/**
 * Writes a file for its owner alone, whole or not at all.
 *
 * @throws Failure when it cannot be written.
 */
export async function writePrivately(cwd: string, file: string, text: string): Promise<void> {
  try {
    await replaceFile(await targetOf(resolve(cwd, file)), text);
  } catch (error) {
    throw unwritable(file, error);
  }
}

/**
 * Writes a file anew, whole or not at all, for those who could read it before.
 *
 * @throws Failure when it cannot be written.
 */
export async function rewriteFile(cwd: string, file: string, text: string): Promise<void> {
  try {
    const path = await targetOf(resolve(cwd, file));
    await replaceFile(path, text, (await stat(path)).mode & 0o7777);
  } catch (error) {
    throw unwritable(file, error);
  }
}

/** Why a file cannot be written, for the person who named it. */
export function unwritable(file: string, error: unknown): Error {
  const code = errorCode(error);
  if (code === undefined) {
    return error instanceof Error ? error : new Error(String(error));
  }
  return fail(exitCodes.unexpected, {
    code: "file/unwritable",
    summary: `${file} cannot be written (${code})`,
    hint: `${hintFor(code)}.`,
  });
}

function hintFor(code: string): string {
  return code === "ENOENT"
    ? "The folder does not exist: create it, or name another place"
    : "Check the permissions and the free space, or name another place";
}

/** Where a file of the tool's own is kept; makes the folder, closed to others and to git. */
export async function openStateFolder(cwd: string): Promise<string> {
  const folder = resolve(cwd, stateFolder);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    await writeFile(join(folder, ".gitignore"), "*\n");
  } catch (error) {
    throw fail(exitCodes.unexpected, {
      code: "file/unwritable",
      summary: `${stateFolder}/ cannot be written (${errorCode(error) ?? "unknown"})`,
      hint: "Check the permissions of the working directory, or work in another one.",
    });
  }
  return folder;
}

/**
 * Makes a folder and what leads to it, closed to others. Node's own recursive call never ends where a file
 * system refuses with ENOENT.
 */
export async function makeFolder(path: string): Promise<void> {
  if (await stat(path).catch(() => undefined)) {
    return;
  }
  await makeFolder(dirname(path));
  await mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
    // Somebody else has been quicker.
    if (errorCode(error) !== "EEXIST") {
      throw error;
    }
  });
}

/** The code of what the machine refused, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}

/** What a link points to is replaced, not the link. */
async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return path;
  }
}

async function replaceFile(path: string, text: string, mode = 0o600): Promise<void> {
  const before = await stat(path).catch(() => undefined);
  if (before !== undefined && !before.isFile()) {
    // A pipe or a terminal cannot be replaced, only written to.
    await writeFile(path, text);
    return;
  }
  const draft = join(dirname(path), `.cometform-${randomUUID()}`);
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(text);
      // Not when it is opened: the mask of the process would take permissions away.
      await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

import { randomUUID } from "node:crypto";
import { link, lstat, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { exitCodes, fail } from "./exit.ts";
import { errorCode, unwritable } from "./files.ts";

/**
 * Makes a file that is not there yet, whole or not at all.
 *
 * @throws Failure when there is something already, or it cannot be written.
 */
export async function createFile(
  cwd: string,
  file: string,
  { text, mode }: { readonly text: string; readonly mode: number },
): Promise<void> {
  const path = resolve(cwd, file);
  const draft = join(dirname(path), `.cometform-${randomUUID()}`);
  try {
    await writeFile(draft, text, { flag: "wx", mode });
    // Unlike a rename, a link replaces nothing, whoever was quicker.
    await link(draft, path);
  } catch (error) {
    throw errorCode(error) === "EEXIST" ? inTheWay(file) : unwritable(file, error);
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Makes sure that nothing is there yet.
 *
 * @throws Failure when there is.
 */
export async function requireFree(cwd: string, file: string): Promise<void> {
  if (file !== "-" && (await lstat(resolve(cwd, file)).catch(() => undefined)) !== undefined) {
    throw inTheWay(file);
  }
}

function inTheWay(file: string): Error {
  return fail(exitCodes.usage, {
    code: "file/in-the-way",
    summary: `${file} is there already: it is left as it is`,
    hint: "Name another file, or move this one out of the way first.",
  });
}

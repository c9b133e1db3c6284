import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import type { Table } from "../manifest/load.ts";
import { exitCodes } from "./exit.ts";
import { errorCode, unreadable } from "./files.ts";

const pieceBytes = 256 * 1024;

/** Opens a table by its path from the folder of a manifest; that of standard input is where we are. */
export function openTable(cwd: string, path: string, manifest: string): Table {
  const file = isAbsolute(path) ? path : join(dirname(manifest), path);
  try {
    const descriptor = openSync(resolve(cwd, file), "r");
    if (fstatSync(descriptor).isDirectory()) {
      closeSync(descriptor);
      const hint = "name a file in it";
      return { file, content: { summary: `the table ${file} is a folder`, hint } };
    }
    return { file, content: { pieces: readPieces(descriptor, file) } };
  } catch (error) {
    return { file, content: toWords(file, errorCode(error)) };
  }
}

/** The file is closed at its end, or when nobody reads on. */
function* readPieces(descriptor: number, file: string): Generator<Uint8Array> {
  try {
    const buffer = new Uint8Array(pieceBytes);
    for (let count = readSync(descriptor, buffer); count > 0; ) {
      yield buffer.subarray(0, count);
      count = readSync(descriptor, buffer);
    }
  } catch (error) {
    throw unreadable(file, error, exitCodes.invalid);
  } finally {
    closeSync(descriptor);
  }
}

function toWords(file: string, code = "unknown"): { summary: string; hint: string } {
  return code === "ENOENT" || code === "ENOTDIR"
    ? {
        summary: `the table ${file} does not exist`,
        hint: "paths begin at the folder of the manifest that names them",
      }
    : { summary: `the table ${file} cannot be read (${code})`, hint: "check its permissions" };
}

import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { isJsonObject, type JsonObject } from "../model/json.ts";

/** Who holds a lock. */
export interface Holder {
  readonly id: string;
  readonly process: number;
  /** When that process began, in the system's own count; tells it from a later one of that number. */
  readonly born: string | null;
  readonly host: string;
  readonly command: string;
  readonly since: string;
}

/** This process, as the holder of a lock. */
export function toHolder(command: string): Holder {
  const since = new Date().toISOString();
  const { pid } = process;
  return {
    id: randomUUID(),
    process: pid,
    born: birthOf(pid),
    host: hostname(),
    command,
    since,
  };
}

/**
 * Who a lock file names: `none` where there is no file, `nobody` where nothing can be made of it. A lock
 * appears with its content at once, so such a one was damaged.
 */
export async function readHolder(file: string): Promise<Holder | "none" | "nobody"> {
  try {
    return parse(await readFile(file, "utf8")) ?? "nobody";
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "none";
    throw error;
  }
}

function parse(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) && isHolder(value) ? (value as unknown as Holder) : undefined;
  } catch {
    return undefined;
  }
}

function isHolder({ id, process: number, born, host, command, since }: JsonObject): boolean {
  return (
    [id, host, command, since].every((text) => typeof text === "string") &&
    Number.isInteger(number) &&
    Number(number) > 0 &&
    (born === null || typeof born === "string")
  );
}

/** Whether a process may still be at work; of other machines nothing can be said. */
export function isAlive({ process: id, born, host }: Holder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(id, 0);
  } catch (error) {
    // Somebody else's process cannot be signalled, and is there.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  const birth = birthOf(id);
  return birth !== deceased && (born === null || birth === null || birth === born);
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
    return state === "Z" || state === "X" ? deceased : (counts[18] ?? null);
  } catch {
    return null;
  }
}

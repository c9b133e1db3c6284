import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { isJsonObject } from "./json.ts";
import { SettingsError } from "./settings-error.ts";
import type { State } from "./state.ts";
import { packState, unpackState } from "./state-codec.ts";

/** Keeps the state in a file between runs. */
export interface StateFile {
  /**
   * Says that the state has changed. That of a small app is written when this resolves, so that whoever
   * is answered afterwards can rely on it; that of a large one is written soon.
   */
  touch(): Promise<void>;
  /**
   * Writes what is not written yet.
   *
   * @throws SettingsError that names the file if it cannot be written.
   */
  flush(): Promise<void>;
}

const format = "cometform-emulator";
const version = 1;
const settleMs = 50;
/** No more than a tenth of the time goes into writing: a large app is written less often. */
const settleShare = 10;
/** So much takes about a millisecond to write; seeding a large app must not wait longer, call by call. */
const smallCharsMax = 300_000;

/**
 * Reads the state of a file, if it is there.
 *
 * @throws SettingsError that names the file if it cannot be used.
 */
export function loadState(path: string): State | undefined {
  const text = readIfThere(path);
  if (text === undefined) return undefined;
  const content = parse(path, text);
  if (!isJsonObject(content) || content["format"] !== format) {
    throw new SettingsError(
      `${path} is not a data file of the emulator: move it away or name another.`,
    );
  }
  if (content["version"] !== version) {
    throw new SettingsError(
      `${path} has version ${content["version"]}, this emulator reads ${version}.`,
    );
  }
  try {
    return unpackState(content["state"]);
  } catch (cause) {
    throw new SettingsError(`${path} is damaged: move it away or name another.`, { cause });
  }
}

/** Creates the keeper of a file; `current` gives the state to write. */
export function createStateFile(path: string, current: () => State): StateFile {
  // A file that is not there yet is written at the first flush: whether it can be shows at once.
  let isDirty = !existsSync(path);
  let timer: NodeJS.Timeout | undefined;
  let saved: Promise<void> = Promise.resolve();
  let chars = 0;
  let writeMs = 0;

  async function write(): Promise<void> {
    if (!isDirty) return;
    isDirty = false;
    const startedMs = performance.now();
    const temporary = `${path}.${process.pid}.tmp`;
    try {
      // Throws where an app of millions is longer than a text can be.
      const text = JSON.stringify({ format, version, state: packState(current()) });
      await makeFolder(dirname(path));
      await writeFile(temporary, text, { mode: 0o600 });
      await rename(temporary, path);
      chars = text.length;
      writeMs = performance.now() - startedMs;
    } catch (cause) {
      isDirty = true;
      await rm(temporary, { force: true }).catch(() => undefined);
      throw new SettingsError(`The emulator's data file ${path} cannot be written.`, { cause });
    }
  }

  // Writes follow each other; one that failed is tried again by the next, and flush tells of it.
  function save(): Promise<void> {
    saved = saved.catch(() => undefined).then(write);
    return saved;
  }

  return {
    async touch() {
      isDirty = true;
      if (chars <= smallCharsMax) {
        await save().catch(() => undefined);
        return;
      }
      timer ??= setTimeout(
        () => {
          timer = undefined;
          save().catch(() => undefined);
        },
        Math.max(settleMs, writeMs * settleShare),
      );
    },
    flush() {
      clearTimeout(timer);
      timer = undefined;
      return save();
    },
  };
}

/** Folder by folder: Node's own recursive call never ends where a file system refuses with ENOENT. */
async function makeFolder(path: string): Promise<void> {
  if (existsSync(path)) return;
  await makeFolder(dirname(path));
  await mkdir(path, { mode: 0o700 });
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw new SettingsError(`The emulator's data file ${path} cannot be read.`, { cause });
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SettingsError(`${path} is no JSON: move it away or name another data file.`, {
      cause,
    });
  }
}

import { readdir, readFile, readlink } from "node:fs/promises";

/** Where Linux tells what a process has open; elsewhere nothing is known. */
const opened = "/proc/self/fd";

/**
 * Whether a descriptor is one that Node has opened for its own use, which a caller can only mean by
 * mistake: it is no file at all, or a pipe of which this process reads the other end.
 */
export async function isOwnDescriptor(descriptor: string): Promise<boolean> {
  const target = await targetOf(descriptor);
  if (target?.startsWith("pipe:") !== true) {
    return target?.startsWith("anon_inode:") === true;
  }
  const others = await readdir(opened);
  const ends = await Promise.all(
    others.map(async (other) => (await targetOf(other)) === target && (await isRead(other))),
  );
  return ends.includes(true);
}

async function targetOf(descriptor: string): Promise<string | undefined> {
  return await readlink(`${opened}/${descriptor}`).catch(() => undefined);
}

async function isRead(descriptor: string): Promise<boolean> {
  const about = await readFile(`/proc/self/fdinfo/${descriptor}`, "utf8").catch(() => "");
  const [, flags] = /^flags:\s*([0-7]+)$/m.exec(about) ?? [];
  // The last two bits are how it may be used; none of them set means for reading.
  return flags !== undefined && (Number.parseInt(flags, 8) & 3) === 0;
}

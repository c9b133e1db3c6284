import type { FileHandle } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { createLineFile } from "../../../src/cli/line-file.ts";

/** A file in memory whose every write waits until it is let go on, or fails. */
function createFakeFile() {
  const calls: string[] = [];
  const waiting: { go: () => void; fail: (error: Error) => void }[] = [];
  const wait = (call: string): Promise<void> =>
    new Promise((go, fail) => {
      calls.push(call);
      waiting.push({ go, fail });
    });
  const handle = {
    appendFile: (text: string) => wait(text),
    datasync: () => wait("sync"),
    close: () => wait("close"),
  } as unknown as FileHandle;
  const lines = createLineFile(handle);
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    calls,
    lines: { ...lines, keep: (line: string) => observed(lines.keep(line)) },
    async go() {
      waiting.shift()?.go();
      await turn();
    },
    async fail() {
      waiting.shift()?.fail(new Error("ENOSPC: no space left on device"));
      await turn();
    },
  };
}

/** The same promise, whose failure is looked at later. */
function observed(promise: Promise<void>): Promise<void> {
  promise.catch(() => undefined);
  return promise;
}

async function stateOf(promise: Promise<void>): Promise<string> {
  const later = new Promise((resolve) => setImmediate(() => resolve("waits")));
  return (await Promise.race([
    promise.then(
      () => "kept",
      (error: Error) => error.message,
    ),
    later,
  ])) as string;
}

describe("a file of lines", () => {
  test("keeps a line only once it is flushed", async () => {
    const { lines, calls, go } = createFakeFile();
    const kept = lines.keep("a");
    expect([calls, await stateOf(kept)]).toEqual([["a\n"], "waits"]);
    await go();
    expect([calls, await stateOf(kept)]).toEqual([["a\n", "sync"], "waits"]);
    await go();
    expect(await stateOf(kept)).toBe("kept");
  });

  test("writes in the order of the asking, and flushes what came meanwhile together", async () => {
    const { lines, calls, go } = createFakeFile();
    const first = lines.keep("a");
    lines.append("b");
    const later = [lines.keep("c"), lines.keep("d")];
    await go();
    await go();
    expect(await stateOf(first)).toBe("kept");
    await go();
    expect(await Promise.all(later.map(stateOf))).toEqual(["waits", "waits"]);
    await go();
    expect(await Promise.all(later.map(stateOf))).toEqual(["kept", "kept"]);
    expect(calls).toEqual(["a\n", "sync", "b\nc\nd\n", "sync"]);
  });

  test("does not flush for lines that nobody waits for", async () => {
    const { lines, calls, go } = createFakeFile();
    lines.append("a");
    await go();
    lines.append("b");
    await go();
    expect(calls).toEqual(["a\n", "b\n"]);
  });

  test.each(["the write", "the flush"])("takes nothing more once %s has failed", async (which) => {
    const { lines, calls, go, fail } = createFakeFile();
    const kept = [lines.keep("a")];
    if (which === "the flush") await go();
    kept.push(lines.keep("b"));
    lines.append("c");
    await fail();
    kept.push(lines.keep("d"));
    const reason = "ENOSPC: no space left on device";
    expect(await Promise.all(kept.map(stateOf))).toEqual([reason, reason, reason]);
    expect(calls).toEqual(which === "the flush" ? ["a\n", "sync"] : ["a\n"]);
  });

  test("tells the next one of a failure that nobody waited for", async () => {
    const { lines, fail } = createFakeFile();
    lines.append("a");
    await fail();
    expect(await stateOf(lines.keep("b"))).toContain("ENOSPC");
  });

  test("is closed after the last line", async () => {
    const { lines, calls, go } = createFakeFile();
    lines.append("a");
    const closed = lines.close();
    expect(calls).toEqual(["a\n"]);
    await go();
    await go();
    expect(await closed).toBeUndefined();
    expect(calls).toEqual(["a\n", "close"]);
  });

  test.each(["the last line", "the end"])("tells why %s is not written", async (what) => {
    const { lines, go, fail } = createFakeFile();
    lines.append("a");
    const closed = lines.close();
    await (what === "the end" ? go() : fail());
    await (what === "the end" ? fail() : go());
    expect(await closed).toEqual({ reason: new Error("ENOSPC: no space left on device") });
  });
});

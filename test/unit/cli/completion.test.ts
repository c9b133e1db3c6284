import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import manifestSchema from "../../../schemas/manifest.schema.json" with { type: "json" };
import { commands } from "../../../src/cli/commands.ts";
import { run } from "../../../src/cli/program.ts";
import { DIAGNOSTIC_CODES } from "../../../src/model/diagnostic-code.ts";
import { cometchat } from "../../../src/providers/cometchat/index.ts";
import { openFakeTerminal } from "../../support/terminal.ts";

const folder = join(import.meta.dirname, "../../../integrations/completion");
const files = { bash: "cometform.bash", zsh: "_cometform", fish: "cometform.fish" } as const;

function has(program: string): boolean {
  return spawnSync(program, ["--version"]).status === 0;
}

async function completionOf(shell: string) {
  const terminal = openFakeTerminal();
  const exit = await run(["completion", shell], terminal, "1.2.3");
  return { exit, output: terminal.output(), notes: terminal.notes() };
}

test.each(Object.entries(files))(
  "the committed completion for %s is what is generated: %s",
  async (shell, file) => {
    const { exit, output } = await completionOf(shell);
    expect(exit).toBe(0);
    await expect(output).toMatchFileSnapshot(join(folder, file));
  },
);

test("a shell that there is none for is refused", async () => {
  const { exit, notes } = await completionOf("fisch");
  expect(exit).toBe(64);
  expect(notes).toContain("Did you mean fish? There is one for bash, zsh and fish.");
});

test("what can be explained is each key of a manifest, each kind with a section, and each code", () => {
  const kinds = cometchat.kinds("vendor").filter(({ section }) => section !== undefined);
  expect(commands.find(({ name }) => name === "explain")?.operands?.choices).toEqual([
    ...Object.keys(manifestSchema.properties),
    ...kinds.map(({ name }) => name),
    ...DIAGNOSTIC_CODES,
  ]);
});

/** What bash is told for a command line of which the last word is being typed. */
function completeIn(line: string): readonly string[] {
  const words = line.split(" ");
  const script = `
    source "$1"; shift
    COMP_WORDS=("$@"); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); COMPREPLY=()
    _cometform
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync(
    "bash",
    ["--norc", "-c", script, "bash", join(folder, files.bash), ...words],
    { encoding: "utf8" },
  );
  expect(stderr).toBe("");
  return stdout.split("\n").filter((word) => word !== "");
}

describe.skipIf(!has("bash"))("in bash", () => {
  test("commands, flags and their values are completed", () => {
    expect(completeIn("cometform ").filter((word) => !word.startsWith("-"))).toEqual([
      ...commands.map(({ name }) => name),
      "help",
    ]);
    expect(completeIn("cometform pl")).toEqual(["plan"]);
    expect(completeIn("cometform plan --dia")).toEqual(["--dialect"]);
    expect(completeIn("cometform plan --dialect ")).toEqual(["auto", "vendor", "collection"]);
    expect(completeIn("cometform --no-color fmt --ch")).toEqual(["--check"]);
    expect(completeIn("cometform completion z")).toEqual(["zsh"]);
    expect(completeIn("cometform explain policy/")).toEqual(
      DIAGNOSTIC_CODES.filter((code) => code.startsWith("policy/")),
    );
    expect(completeIn("cometform help exp")).toEqual(["export", "explain"]);
  });

  test("where a file belongs, bash looks for it itself", () => {
    for (const line of ["cometform plan ", "cometform plan --file ", "cometform show pl"]) {
      expect([line, completeIn(line)]).toEqual([line, []]);
    }
  });

  test("no word breaks it", () => {
    const empty = mkdtempSync(join(tmpdir(), "cometform-completion-"));
    const odd = [
      "cometform $(touch x) ",
      "cometform plan 'x",
      "cometform ; ",
      "cometform unknown ",
    ];
    for (const line of odd) {
      completeIn(line);
    }
    expect(existsSync(join(empty, "x"))).toBe(false);
    rmSync(empty, { recursive: true });
  });

  test.skipIf(!has("shellcheck"))("shellcheck has nothing to say", () => {
    expect(spawnSync("shellcheck", [join(folder, files.bash)], { encoding: "utf8" }).stdout).toBe(
      "",
    );
  });
});

// Without these shells on the machine, the scripts are compared and not run.
test.skipIf(!has("zsh"))("zsh can read its completion", () => {
  const { status, stderr } = spawnSync("zsh", ["-n", join(folder, files.zsh)], {
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

test.skipIf(!has("fish"))("fish completes commands, flags and their values", () => {
  const complete = (line: string): readonly string[] => {
    const script = `source ${join(folder, files.fish)}; complete -C '${line}'`;
    const { stdout } = spawnSync("fish", ["--no-config", "-c", script], { encoding: "utf8" });
    return stdout.split("\n").flatMap((one) => (one === "" ? [] : [one.split("\t")[0] ?? ""]));
  };
  expect(complete("cometform pl")).toEqual(["plan"]);
  expect(complete("cometform plan --dialect ")).toEqual(["auto", "collection", "vendor"]);
  expect(complete("cometform completion z")).toEqual(["zsh"]);
});

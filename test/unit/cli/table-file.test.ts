import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openTable } from "../../../src/cli/table-file.ts";
import { useWorkshop } from "../../support/workshop.ts";

const workshop = useWorkshop({ "users.csv": "uid\nann\n" });

function textOf(path: string, manifest: string): string {
  const { content } = openTable(workshop.folder, path, manifest);
  if ("summary" in content) return content.summary;
  let text = "";
  for (const piece of content.pieces) text += Buffer.from(piece).toString();
  return text;
}

test("a path begins at the folder of the manifest that names the table", () => {
  mkdirSync(join(workshop.folder, "seed"));
  writeFileSync(join(workshop.folder, "seed", "users.csv"), "uid\nbob\n");
  expect(textOf("users.csv", "cometform.yaml")).toBe("uid\nann\n");
  expect(textOf("users.csv", "seed/cometform.yaml")).toBe("uid\nbob\n");
  expect(textOf("../users.csv", "seed/cometform.yaml")).toBe("uid\nann\n");
  expect(openTable(workshop.folder, "users.csv", "seed/cometform.yaml").file).toBe(
    join("seed", "users.csv"),
  );
});

test("a path of standard input begins at the working directory", () => {
  expect(textOf("users.csv", "-")).toBe("uid\nann\n");
});

test("an absolute path is taken as it is", () => {
  const path = join(workshop.folder, "users.csv");
  expect(textOf(path, "elsewhere/cometform.yaml")).toBe("uid\nann\n");
});

test("a large table comes in pieces", () => {
  const text = "uid,name\n".repeat(100_000);
  writeFileSync(join(workshop.folder, "large.csv"), text);
  expect(textOf("large.csv", "-")).toBe(text);
});

test("what is no table is told, and where its path begins", () => {
  mkdirSync(join(workshop.folder, "folder.csv"));
  expect(textOf("gone.csv", "seed/m.yaml")).toBe("the table seed/gone.csv does not exist");
  expect(textOf("folder.csv", "-")).toBe("the table folder.csv is a folder");
});

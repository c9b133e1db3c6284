import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { openWorkshop, type Workshop } from "./cli.ts";

/** A folder of its own for each test of a file, with these files in it. */
export function useWorkshop(
  files: { readonly [name: string]: string } = {},
): Pick<Workshop, "folder"> {
  let workshop: Workshop | undefined;
  beforeEach(() => {
    workshop = openWorkshop();
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(workshop.folder, name), text);
    }
  });
  afterEach(() => workshop?.dispose());
  return {
    get folder() {
      if (workshop === undefined) throw new Error("there is a folder only while a test runs");
      return workshop.folder;
    },
  };
}

/** A manifest of one user, in the file that commands read when none is named. */
export const ONE_USER = { "cometform.yaml": "version: 1\nusers: { ann: { name: A } }\n" };

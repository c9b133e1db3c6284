import { allSchemas } from "../../manifest/schemas.ts";
import { escapeText } from "../../render/escape.ts";
import { joinWords } from "../../render/layout.ts";
import { type Context, writeJson } from "../command.ts";
import { type ExitCode, exitCodes, fail } from "../exit.ts";
import { didYouMean } from "../kind-name.ts";
import { theProvider } from "../project.ts";

/** Prints a schema that needs no other file. */
export async function run(context: Context): Promise<ExitCode> {
  const [name = "manifest"] = context.operands;
  const schemas = allSchemas(theProvider().schema);
  const schema = schemas.get(name);
  if (schema === undefined) {
    const names = [...schemas.keys()];
    throw fail(exitCodes.usage, {
      code: "cli/unknown-schema",
      summary: `There is no schema called ${escapeText(name)}`,
      hint: `${didYouMean(name, names)} There are ${joinWords(names)}.`.trim(),
    });
  }
  writeJson(context, schema);
  return exitCodes.done;
}

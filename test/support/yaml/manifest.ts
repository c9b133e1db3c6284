import fc from "fast-check";
import { createPen, type Pen } from "./pen.ts";
import { type Writer, writeAny, writeMap, writeScalar, writeTexts } from "./values.ts";

/** Manifests as people might write them, in every style that YAML has, with comments of which each is one of a kind. */
export const manifestText: fc.Arbitrary<string> = fc
  .gen()
  .map((draw) => writeManifest(createPen(draw)));

const sectionNames = ["roles", "users", "groups", "webhooks"];
const ids = ["ann", "Bob", "c-3", "007", "yes", '"d"', "'e'", "x_y"];

function writeManifest(pen: Pen): string {
  const lines: string[] = [];
  const begin = pen.pick("", "", "", "---", "--- # begin", "%YAML 1.2\n---");
  if (begin !== "") {
    lines.push(...pen.above(0), begin.replace("# begin", pen.comment()));
  }
  const names = pen.shuffle([
    "version",
    ...pen.some([
      "stack",
      "provider",
      "policy",
      "forget",
      ...(pen.isTame ? [] : ["extra"]),
      ...sectionNames,
    ]),
  ]);
  for (const name of names) {
    lines.push(...pen.above(0), ...writeTop(pen, name));
  }
  lines.push(...pen.above(0), ...(pen.odds(10) ? ["...", ...pen.above(0)] : []));
  const text = lines.join("\n");
  const ended = pen.odds(6) ? text : `${text}\n${"\n".repeat(pen.upTo(2))}`;
  const whole = pen.odds(5) ? ended.replaceAll("\n", "\r\n") : ended;
  return pen.odds(10) ? `\uFEFF${whole}` : whole;
}

function writeTop(pen: Pen, name: string): readonly string[] {
  const key = pen.key(name);
  if (name === "version") {
    return pen.pair(key, ["1"], 0);
  }
  if (name === "stack") {
    return pen.pair(key, ['"acme"'], 0);
  }
  if (name === "forget") {
    return pen.pair(key, pen.pick(["[user/zoe]"], ["", "- user/zoe", "- group/z"]), 0);
  }
  if (sectionNames.includes(name)) {
    return writeSection(pen, name, key);
  }
  const contents: { readonly [name: string]: Writer } = {
    provider: (inner, indent) =>
      writeMap(inner, indent, { region: () => ["us"], name: () => ["'cometchat'"] }),
    policy: (inner, indent) =>
      writeMap(inner, indent, {
        members: () => ["additive"],
        prune: (pen2, deeper) =>
          writeMap(pen2, deeper, { users: () => ["owned"], roles: () => ['"none"'] }),
      }),
    extra: writeAny,
  };
  return pen.value(key, 0, contents[name] ?? writeAny);
}

function writeSection(pen: Pen, name: string, key: string): readonly string[] {
  const entry: { readonly [attribute: string]: Writer } = {
    metadata: (inner, indent) =>
      writeMap(inner, indent, { k: writeAny, "a b": writeAny, z: writeAny }),
    description: writeScalar,
    name: writeScalar,
    tags: writeTexts,
    ...(name === "webhooks"
      ? { url: () => ["https://x.example"], enabled: () => ["${A}"] }
      : { statusMessage: writeScalar }),
  };
  const entries = Object.fromEntries(
    pen
      .some(ids)
      .map((id): [string, Writer] => [
        id,
        (inner, indent) => writeMap(inner, indent, pen.pickSome(entry)),
      ]),
  );
  return pen.value(key, 0, (inner, indent) => writeMap(inner, indent, entries));
}

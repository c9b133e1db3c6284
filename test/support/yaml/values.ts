import type { Pen, Write } from "./pen.ts";

/** Writes one value. */
export type Writer = Write;

const words = [
  ..."x|A b|it's|a:b|https://x.example.com/a?b=c#d|user one|- not|é|🚲 x|${A}|pre ${A}|a, b|yes-no|$${x|(a)|~x|x\\y|%a".split(
    "|",
  ),
].map((word) => (/^[-%]|, /.test(word) ? `"${word}"` : word));
const quoted = [
  ...'\'x\'|"x"|"a\\nb"|\'it\'\'s\'|"007"|\'7\'|"yes"|\'true\'|"${A}"|\'a: b\'|"a #b"|""|\'<<\'|"say \\"x\\""|\'"\'|" x"|"a\\u00e9"|\'12:30\'|"2024-01-01"|\'- a\'|\'*a\'|"a, b"|\'{x\'|\'é 🚲\'|"a b"|"https://x.example.com"|\'a\\b\'|!!str 5|!x a|\'...\'|"a:"'.split(
    "|",
  ),
];
const others = ["1", "1.5", "0x1f", "null", "~", "true", "false", "007", "-1", "1e3", ""];

/** A scalar of any style, multi-line ones included. */
export function writeScalar(pen: Pen, indent: number): readonly string[] {
  const alias = !pen.isTame && pen.odds(12) ? pen.alias("any") : undefined;
  if (alias !== undefined) {
    return [alias + pen.behind()];
  }
  const anchor = pen.anchor("other");
  const start = anchor === "" ? "" : `${anchor} `;
  if (pen.odds(5)) {
    return writeBlock(pen, indent, start);
  }
  if (pen.odds(8)) {
    return writeLong(pen, indent, start);
  }
  const texts = [pen.pick(...words), pen.pick(...words), pen.pick(...quoted.slice(0, 14))];
  const word = pen.pick(
    ...texts,
    ...(pen.isTame ? [] : [pen.pick(...quoted), pen.pick(...others)]),
  );
  if (word !== "" && pen.odds(12)) {
    return [
      `${anchor}${pen.behind()}`,
      ...(pen.odds(3) ? pen.above(indent + 2) : []),
      `${" ".repeat(indent + 2)}${word}${pen.behind()}`,
      ...tail(pen, indent),
    ];
  }
  return [`${start}${word}${pen.behind()}`, ...tail(pen, indent)];
}

/** Comments that go on below a value, further in than its key. */
function tail(pen: Pen, indent: number): readonly string[] {
  return pen.odds(10) ? [" ".repeat(indent + pen.pick(1, 3, 8)) + pen.comment()] : [];
}

function writeBlock(pen: Pen, indent: number, start: string): readonly string[] {
  const inner = indent + pen.pick(1, 2, 2, 3);
  const isDeep = pen.odds(4);
  const indicator = isDeep ? String(inner - indent) : "";
  const chomp = pen.pick("", "", "-", "+");
  const header = pen.pick(`${indicator}${chomp}`, `${chomp}${indicator}`);
  const body = Array.from({ length: pen.upTo(3) + 1 }, (_, index) =>
    index > 0 && pen.odds(4)
      ? ""
      : " ".repeat(inner + (isDeep || (index > 0 && pen.odds(4)) ? 2 : 0)) +
        pen.pick("text", "# no comment", "key: value", "- item", "\ttab", "${A}"),
  );
  const end = pen.odds(3) ? ["", ""].slice(0, pen.upTo(2)) : [];
  return [`${start}${pen.pick("|", ">")}${header}${pen.behind()}`, ...body, ...end];
}

function writeLong(pen: Pen, indent: number, start: string): readonly string[] {
  const pad = " ".repeat(indent + pen.pick(1, 2, 4));
  const [open, close] = pen.pick(["", ""], ['"', '"'], ["'", "'"]);
  const middle = pen.odds(3) ? [""] : [];
  const more = pen.pick("more", "and - more", open === '"' ? "esc\\" : "more", "more  text");
  const isBelow = pen.odds(3);
  const first = isBelow ? ["", `${pad}${open}some text`] : [`${start}${open}some text`];
  return [
    ...(isBelow ? [start.trim(), ...first.slice(1)] : first),
    ...middle,
    `${pad}${more}`,
    `${pad}end${close}${pen.behind()}`,
  ];
}

/** A list of texts. */
export function writeTexts(pen: Pen, indent: number): readonly string[] {
  return writeList(pen, indent, () => [pen.pick("a", "b c", "'d'", '"e"', "f", "g")]);
}

function writeList(pen: Pen, indent: number, write: Write): readonly string[] {
  if (pen.odds(3)) {
    return writeFlow(pen, indent, "list");
  }
  const dash = indent + pen.pick(0, 0, 2, 2, 3);
  const lines = Array.from({ length: pen.upTo(3) + 1 }, () => {
    const [first = "", ...rest] = write(pen, dash);
    return [...pen.above(dash), `${" ".repeat(dash)}-${first === "" ? "" : ` ${first}`}`, ...rest];
  });
  // In the first column of the file, a list could not be told from what follows.
  return [
    `${pen.anchor("other")}${pen.behind()}`,
    ...lines.flat(),
    ...(pen.odds(6) ? pen.above(dash) : []),
  ];
}

/** A map with these entries, in some order and style. */
export function writeMap(
  pen: Pen,
  indent: number,
  entries: { readonly [name: string]: Writer },
): readonly string[] {
  const names = pen.shuffle(Object.keys(entries));
  if (names.length === 0) {
    return [pen.pick("{}", "{ }", "") + pen.behind()];
  }
  if (!pen.isTame && pen.odds(8)) {
    return writeFlow(pen, indent, "map");
  }
  const alias = pen.alias("map");
  if (alias !== undefined && !pen.isTame && pen.odds(8)) {
    return [alias + pen.behind()];
  }
  const inner = indent + pen.pick(1, 2, 2, 2, 4);
  const pad = " ".repeat(inner);
  const merge = alias !== undefined && pen.odds(3) ? [`${pad}<<: ${alias}${pen.behind()}`] : [];
  const lines = names.map((name) => {
    const [first = "", ...rest] = pen.value(pen.key(name), inner, entries[name] ?? writeScalar);
    return [...pen.above(inner), pad + first, ...rest];
  });
  const at = pen.upTo(lines.length);
  // Last, so that no alias within the map means the map.
  const anchor = pen.anchor("map");
  return [
    `${anchor}${pen.behind()}`,
    ...lines.slice(0, at).flat(),
    ...merge,
    ...lines.slice(at).flat(),
    ...(pen.odds(5) ? pen.above(inner) : []),
  ];
}

/** Any value. */
export function writeAny(pen: Pen, indent: number): readonly string[] {
  if (pen.depth <= 0 || pen.odds(2)) {
    return writeScalar(pen, indent);
  }
  if (pen.odds(3)) {
    return writeList(pen.deeper(), indent, writeItem);
  }
  return pen.odds(5)
    ? writeFlow(pen, indent, pen.pick("map", "list"))
    : writeMap(pen.deeper(), indent, { b: writeAny, a: writeAny, '"c d"': writeScalar });
}

/** What stands behind a dash: a map may begin in the same line. */
function writeItem(pen: Pen, dash: number): readonly string[] {
  if (pen.depth <= 0 || pen.odds(2)) {
    return writeScalar(pen, dash);
  }
  if (pen.odds(3)) {
    return writeList(pen.deeper(), dash, writeItem);
  }
  const pad = " ".repeat(dash + 2);
  const pairs = ["q", "p"].map((key) => {
    const [first = "", ...rest] = pen.deeper().value(key, dash + 2, writeAny);
    return [first, ...rest];
  });
  const [[first = "", ...rest] = [], ...others] = pairs;
  return [
    first,
    ...rest,
    ...others.flatMap(([one = "", ...more]) => [...pen.above(dash + 2), pad + one, ...more]),
  ];
}

const flowWords = [
  "x",
  "A b",
  "'x'",
  '"y"',
  '"a, b"',
  "1",
  "true",
  "null",
  '"${A}"',
  "a:b",
  "'it''s'",
  '"yes"',
  '"{"',
];

function writeFlow(pen: Pen, indent: number, type: "map" | "list"): readonly string[] {
  const pad = " ".repeat(indent + pen.pick(1, 2, 4));
  const isBroken = pen.odds(2);
  const gap = (): string =>
    isBroken && pen.odds(2)
      ? `${pen.behind()}\n${pen.odds(3) ? `${pad}${pen.comment()}\n` : ""}${pad}`
      : pen.pick("", " ");
  const text = flowText(pen, type, gap, 2);
  return [
    ...`${pen.anchor(type === "map" ? "map" : "other")} ${text}`
      .trimStart()
      .split("\n")
      .map((line, index, all) => (index === all.length - 1 ? line + pen.behind() : line)),
  ];
}

function flowText(pen: Pen, type: "map" | "list", gap: () => string, depth: number): string {
  const value = (): string => {
    if (depth > 0 && pen.odds(4)) {
      return flowText(pen, pen.pick("map", "list"), gap, depth - 1);
    }
    return pen.pick(...flowWords);
  };
  const keys = pen.some(["name", "metadata", "'tags'", '"x y"', "z"]);
  const items =
    type === "map"
      ? keys.map((key) => (pen.odds(8) ? `${key}` : `${key}: ${value()}`))
      : Array.from({ length: pen.upTo(3) }, () => (pen.odds(8) ? `k: ${value()}` : value()));
  const [open, close] = type === "map" ? ["{", "}"] : ["[", "]"];
  const end = items.length > 0 && pen.odds(4) ? "," : "";
  return `${open}${gap()}${items.map((item) => `${item}${gap()}`).join(`,${gap()} `)}${end}${gap()}${close}`;
}

import fc from "fast-check";

/** What `fc.gen()` gives: draws a value from an arbitrary. */
export type Draw = fc.GeneratorValue;

/** Writes a value for a key at this column: the first line stands behind the key, the others whole below. */
export type Write = (pen: Pen, indent: number) => readonly string[];

/** Random choices of one text, and what of it has to be remembered. */
export interface Pen {
  /** True once in so many times. */
  odds(times: number): boolean;
  upTo(max: number): number;
  pick<T>(...values: readonly T[]): T;
  some<T>(values: readonly T[]): readonly T[];
  pickSome<T>(values: { readonly [name: string]: T }): { readonly [name: string]: T };
  shuffle<T>(values: readonly T[]): readonly T[];
  /** A comment that is nowhere else. */
  comment(): string;
  /** Blank lines and comments that may stand above an entry at this column. */
  above(indent: number): readonly string[];
  /** A comment behind something, or nothing. */
  behind(): string;
  key(name: string): string;
  /** A key and its value, of which it is known how it is written. */
  pair(key: string, value: readonly string[], indent: number): readonly string[];
  value(key: string, indent: number, write: Write): readonly string[];
  /** An anchor for a value, or nothing. */
  anchor(type: "map" | "other"): string;
  /** An alias of what was anchored before, if there is any. */
  alias(type: "map" | "any"): string | undefined;
  /** How deep it may still go. */
  readonly depth: number;
  /** Whether the text is to be a valid manifest, as far as that can be seen to. */
  readonly isTame: boolean;
  deeper(): Pen;
}

interface Memory {
  readonly isTame: boolean;
  comments: number;
  anchors: number;
  readonly maps: string[];
  readonly others: string[];
}

/** Opens a pen for one text. */
export function createPen(draw: Draw): Pen {
  const isTame = draw(fc.boolean);
  return penAt(draw, { isTame, comments: 0, anchors: 0, maps: [], others: [] }, 3);
}

function penAt(draw: Draw, memory: Memory, depth: number): Pen {
  const upTo = (max: number): number => draw(fc.nat, { max });
  const odds = (times: number): boolean => upTo(times - 1) === times - 1;
  const pick = <T>(...values: readonly T[]): T => values[upTo(values.length - 1)] as T;
  const some = <T>(values: readonly T[]): readonly T[] => values.filter(() => odds(2));
  const comment = (): string => {
    memory.comments += 1;
    return `#${pick(" ", "", "  ")}c${memory.comments}${pick("", ": [x", ' "y', " # z", "  a")}`;
  };
  const pen: Pen = {
    depth,
    isTame: memory.isTame,
    odds,
    upTo,
    pick,
    some,
    pickSome: (values) => Object.fromEntries(some(Object.entries(values))),
    shuffle: (values) =>
      values
        .map((value) => ({ value, at: upTo(1_000) }))
        .sort((one, other) => one.at - other.at)
        .map(({ value }) => value),
    comment,
    above: (indent) => {
      const count = odds(2) ? 0 : upTo(3);
      return Array.from({ length: count }, () => {
        const column = odds(4) ? upTo(6) : indent;
        return odds(3) ? pick("", "", "  ") : " ".repeat(column) + comment();
      });
    },
    behind: () => (odds(4) ? pick(" ", "   ") + comment() : ""),
    key: (name) =>
      /^[a-z]+$/.test(name) ? pick(name, name, name, `"${name}"`, `'${name}'`) : name,
    pair: (key, [first = "", ...rest], indent) => [
      `${key}:${pick(" ", " ", "   ")}${first}`.trimEnd() + pen.behind(),
      ...rest.map((line) => " ".repeat(indent + 1) + line),
    ],
    value: (key, indent, write) => {
      const [first = "", ...rest] = write(penAt(draw, memory, depth - 1), indent);
      const start = odds(12) ? `? ${key}${pen.behind()}\n${" ".repeat(indent)}:` : `${key}:`;
      return [...`${start}${first === "" ? "" : ` ${first}`}`.split("\n"), ...rest];
    },
    anchor: (type) => {
      if (!odds(8)) {
        return "";
      }
      memory.anchors += 1;
      const name = odds(4) ? "again" : `a${memory.anchors}`;
      (type === "map" ? memory.maps : memory.others).push(name);
      return `&${name}`;
    },
    alias: (type) => {
      const names = type === "map" ? memory.maps : [...memory.maps, ...memory.others];
      return names.length === 0 ? undefined : `*${pick(...names)}`;
    },
    deeper: () => penAt(draw, memory, depth - 1),
  };
  return pen;
}

/** A screen that understands what programs send to move about on it. */
export interface Screen {
  write(text: string): void;
  /** Makes it wider or narrower; lines that were wrapped are wrapped anew, as terminals do. */
  resize(width: number): void;
  /** What is seen, without empty rows at the end. */
  rows(): readonly string[];
  /** Whether a row ever went on in the next one. */
  hasWrapped(): boolean;
}

/** A line as it was written; on the screen it takes as many rows as it needs. */
interface Line {
  text: string;
}

/** An empty screen. Anything it does not understand fails the test. */
export function openScreen(columns: number): Screen {
  let width = columns;
  let lines: Line[] = [{ text: "" }];
  // The cursor, as a line and a column of it; a line that wraps has columns beyond the width.
  let line = 0;
  let column = 0;
  let hasWrapped = false;

  const rowsOf = ({ text }: Line): number => Math.max(1, Math.ceil([...text].length / width));
  const put = (character: string): void => {
    const at = lines[line] ?? { text: "" };
    const cells = [...at.text.padEnd(column)];
    cells[column] = character;
    at.text = cells.join("");
    lines[line] = at;
    column += 1;
    if (column > width) hasWrapped = true;
  };
  const down = (): void => {
    line += 1;
    column = 0;
    lines[line] ??= { text: "" };
  };
  const up = (count: number): void => {
    for (let left = count; left > 0 && line > 0; ) {
      line -= 1;
      const rows = rowsOf(lines[line] ?? { text: "" });
      if (rows > left) throw new Error("the cursor would stop within a line");
      left -= rows;
    }
  };
  const eraseBelow = (): void => {
    const at = lines[line] ?? { text: "" };
    lines = [...lines.slice(0, line), { text: [...at.text].slice(0, column).join("") }];
  };
  const command = (count: string, name: string): void => {
    if (name === "A") up(Number(count || "1"));
    else if (name === "J" && count === "") eraseBelow();
    else if (name !== "m") throw new Error(`unknown: ${count}${name}`);
  };
  return {
    write(text) {
      const parts = new RegExp(`${String.fromCharCode(27)}\\[([0-9;]*)([A-Za-z])|([\\s\\S])`, "gu");
      for (const [, count, name, character] of text.matchAll(parts)) {
        if (name !== undefined) command(count ?? "", name);
        else if (character === "\r") column = 0;
        else if (character === "\n") down();
        else put(character ?? "");
      }
    },
    resize(next) {
      width = next;
    },
    rows() {
      const rows = lines.flatMap(({ text }) => {
        const cells = [...text.trimEnd()];
        const count = Math.max(1, Math.ceil(cells.length / width));
        return Array.from({ length: count }, (_, row) =>
          cells.slice(row * width, (row + 1) * width).join(""),
        );
      });
      while (rows.at(-1) === "") rows.pop();
      return rows;
    },
    hasWrapped: () => hasWrapped,
  };
}

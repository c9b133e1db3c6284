/** A command line that needs no shell. */
export interface PlainCommand {
  readonly assignments: Readonly<Record<string, string>>;
  readonly words: readonly string[];
}

/** A quoted part, an escaped character, or what means nothing to a shell. */
const PART =
  /'([^']*)'|"((?:[^"\\$`]|\\["\\$`])*)"|\\(.)|([^\s'"\\|&;<>()$`*?~#{}[\]!]+|(?<=\S)[#~])/y;
const ASSIGNMENT = /^([A-Za-z_]\w*)=([\s\S]*)$/;

/** The words of a command line; nothing if it takes a shell to find them. */
export function plainCommand(text: string): PlainCommand | undefined {
  const words = wordsOf(text.replaceAll("\\\n", " "));
  if (words === undefined) {
    return undefined;
  }
  const first = words.findIndex((word) => !ASSIGNMENT.test(word));
  const end = first === -1 ? words.length : first;
  const assignments = words.slice(0, end).map((word) => {
    const [, name = "", value = ""] = ASSIGNMENT.exec(word) ?? [];
    return [name, value] as const;
  });
  return { assignments: Object.fromEntries(assignments), words: words.slice(end) };
}

function wordsOf(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  const finish = (): void => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at);
    if (/^\s/.test(rest)) {
      finish();
      at += 1;
      continue;
    }
    if (word === undefined && rest.startsWith("#")) {
      break;
    }
    PART.lastIndex = at;
    const part = PART.exec(text);
    if (part === null) {
      return undefined;
    }
    const [whole, single, double, escaped, bare] = part;
    word = `${word ?? ""}${single ?? double?.replaceAll(/\\(.)/g, "$1") ?? escaped ?? bare ?? ""}`;
    at += whole.length;
  }
  finish();
  return words;
}

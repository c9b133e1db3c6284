import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import { posix } from "node:path";

/** So many annotations of one level are shown of a step (documented: 10). */
const annotationsMax = 10;

/** The log, the summary and the outputs of a step, in the forms GitHub reads. */
export function createWorkflow({ env, write }) {
  const outputs = new Set();
  const append = (variable, text) => {
    if (env[variable]) {
      appendFileSync(env[variable], text);
    }
  };
  return {
    say: (text) => write(`${guard(text)}\n`),
    annotate: (annotation) => write(`${toCommand(annotation)}\n`),
    annotateAll: (annotations) => {
      for (const annotation of shown(annotations)) {
        write(`${toCommand(annotation)}\n`);
      }
    },
    output: (name, value) => {
      outputs.add(name);
      const end = `end-${randomUUID()}`;
      append("GITHUB_OUTPUT", `${name}<<${end}\n${value}\n${end}\n`);
    },
    hasOutput: (name) => outputs.has(name),
    summarise: (markdown) => append("GITHUB_STEP_SUMMARY", `${markdown}\n`),
    /** Shows a text of others, in which nothing is taken for a command. */
    quote: (text) => write(quoted(text)),
  };
}

/** An annotation as the runner reads it: `::error file=a.yaml,line=3::what is wrong`. */
export function toCommand({ level, title, message, file, line, column, endColumn }) {
  const properties = { file, line, col: column, endColumn, title };
  const given = Object.entries(properties).filter(([, value]) => value !== undefined);
  const text = given.map(([name, value]) => `${name}=${escapeProperty(String(value))}`).join(",");
  return `::${level}${text === "" ? "" : ` ${text}`}::${escapeData(message)}`;
}

/** A manifest's file as seen from the repository's root, where annotations look for it. */
export function fromRoot(workingDirectory, file) {
  return posix.normalize(posix.join(workingDirectory.replaceAll("\\", "/"), file));
}

/** A text between two lines that no one else can know, so that none of its lines is a command. */
export function quoted(text) {
  const token = randomUUID();
  const end = text === "" || text.endsWith("\n") ? "" : "\n";
  return text === "" ? "" : `::stop-commands::${token}\n${text}${end}::${token}::\n`;
}

/** The first of each level, the last of which tells of the others. */
function shown(annotations) {
  return ["error", "warning", "notice"].flatMap((level) => {
    const all = annotations.filter((annotation) => annotation.level === level);
    if (all.length <= annotationsMax) {
      return all;
    }
    const kept = all.slice(0, annotationsMax - 1);
    const title = `${all.length - kept.length} more of this level`;
    return [
      ...kept,
      { level, title, message: "The summary of this step has them, as far as they fit." },
    ];
  });
}

function guard(text) {
  return text.replaceAll(/^::/gm, " ::");
}

function escapeData(text) {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text) {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

import { createHash } from "node:crypto";
import { withoutSecrets } from "./secrets.mjs";

/** A comment's and an issue's text may be so long (seen: "Body is too long (maximum is 65536 characters)"). */
const bodyMax = 65_536;

const form = /^<!-- cometform:(?:plan|drift) ([0-9a-f]{16})(?: digest=([0-9a-f]{64}))?[^>]*-->/;

/**
 * Names what a comment is about, so that each keeps its own: the app, the environment and the files. It
 * must be known before anything was planned, and to the job that applies as well.
 */
export function keyOf(env, { environment, workingDirectory, files }) {
  const about = [env.COMETCHAT_APP_ID ?? "", environment, workingDirectory, ...files];
  return createHash("sha256").update(JSON.stringify(about)).digest("hex").slice(0, 16);
}

/** The first line of a comment, by which it is found again. */
export function toMarker({ type, key, digest, commit }) {
  const facts = [
    ...(digest === undefined ? [] : [`digest=${digest}`]),
    ...(commit ? [`commit=${commit}`] : []),
  ];
  return `<!-- cometform:${[type, key, ...facts].join(" ")} -->`;
}

/** What a marker says, or `undefined` for a text that has none. */
export function readMarker(body) {
  const [, key, digest] = form.exec(body ?? "") ?? [];
  return key === undefined ? undefined : { key, digest };
}

/** Ours of these, the oldest first: with our marker, and written by ourselves. */
export function oursOf(rows, { key, author }) {
  return rows.filter(({ body, user }) => user?.login === author && readMarker(body)?.key === key);
}

/**
 * Writes the one comment of a pull request that is about this: updates it, or creates it where there is
 * none, and removes what is there twice.
 */
export async function putComment(github, { repository, number, key, author, body }) {
  const path = `/repos/${repository}/issues/${number}/comments`;
  const find = async () => oursOf(await github.list(path), { key, author });
  const [first, ...others] = await find();
  if (first === undefined) {
    return await github.create(path, { body }, async () => (await find())[0]);
  }
  for (const { id } of others) {
    await github.remove(`/repos/${repository}/issues/comments/${id}`);
  }
  return await github.change(`/repos/${repository}/issues/comments/${first.id}`, { body });
}

/** A marker and a text as the body of a comment: without secrets, and short enough. */
export function toBody(marker, markdown, secrets) {
  const body = `${marker}\n${withoutSecrets(markdown, secrets)}`;
  return body.length <= bodyMax ? body : shorten(body.split("\n"));
}

/** Cuts from the bottom, and closes what was open there. */
function shorten(lines) {
  const notice = "\n*Too long for a comment: the rest is in the log of the job.*";
  const ending = (kept) => {
    const text = kept.join("\n");
    const fences = kept.filter((line) => line.startsWith("```")).length;
    const open = text.split("<details").length - text.split("</details").length;
    const fence = fences % 2 === 1 ? ["```"] : [];
    const details = Array.from({ length: Math.max(0, open) }, () => "</details>");
    return [text, ...fence, ...details, notice].join("\n");
  };
  let room = bodyMax - 1_000;
  const count = lines.findIndex((line) => {
    // What is opened has to be closed.
    room -= line.length + 1 + "</details>\n".length * (line.split("<details").length - 1);
    return room < 0;
  });
  return ending(lines.slice(0, count === -1 ? lines.length : count));
}

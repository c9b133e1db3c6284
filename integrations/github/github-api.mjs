import { ActionError, exits } from "./failure.mjs";

const pageSize = 100;
/** Nobody has as many comments; a server that never ends its list must not keep us. */
const pagesMax = 100;
/** Waits between attempts; one more is made than there are waits. */
const waitsMs = [1_000, 4_000, 10_000];
const waitMsMax = 60_000;
const timeoutMs = 30_000;

/** The part of GitHub's REST API that the action uses, of one repository. */
export function createGithub({ env, token, fetch, sleep }) {
  const base = (env.GITHUB_API_URL || "https://api.github.com").replace(/\/+$/, "");
  const send = (method, path, body) => request({ base, token, fetch }, { method, path, body });
  const again = (method, path, body) => persist(() => send(method, path, body), sleep);
  const list = async (path) => {
    const all = [];
    for (let page = 1; page <= pagesMax; page += 1) {
      const sign = path.includes("?") ? "&" : "?";
      const rows = await again("GET", `${path}${sign}per_page=${pageSize}&page=${page}`);
      all.push(...rows);
      if (rows.length < pageSize) {
        break;
      }
    }
    return all;
  };
  return {
    list,
    change: (path, body) => again("PATCH", path, body),
    remove: (path) => again("DELETE", path),
    /**
     * Creates something once: where the answer was lost, `find` tells whether it is there before it is
     * sent again.
     */
    create: async (path, body, find) => {
      let isDoubtful = false;
      return await persist(async () => {
        const found = isDoubtful ? await find() : undefined;
        isDoubtful = true;
        return found ?? (await send("POST", path, body));
      }, sleep);
    },
  };
}

/** What GitHub answered instead of doing what it was asked. */
export class GithubError extends ActionError {
  constructor({ method, path, status, said }) {
    const answer = status === undefined ? "gave no answer" : `answered ${status}`;
    super(exits.unexpected, `GitHub ${answer}: ${method} ${path}`, hintOf(status, said));
    this.status = status;
  }

  name = "GithubError";
  /** How long to wait before it is sent again; none where that is in vain. */
  retryMs;
}

function hintOf(status, said) {
  const words = said === "" ? "" : ` GitHub says: ${said}`;
  if (status === 401) {
    return `The token is not valid any more, or not of this server.${words}`;
  }
  if (status === 403 || status === 404) {
    return `The token may not do this: give the job "permissions: pull-requests: write" (for issue: "issues: write"; for apply: "pull-requests: read").${words}`;
  }
  if (status === 422) {
    return `GitHub does not take this content.${words}`;
  }
  return `Run the job again; www.githubstatus.com tells whether GitHub has a problem.${words}`;
}

async function persist(attempt, sleep) {
  for (const waitMs of [...waitsMs, undefined]) {
    try {
      return await attempt();
    } catch (error) {
      const retryMs = error instanceof GithubError ? error.retryMs : undefined;
      if (retryMs === undefined || retryMs > waitMsMax || waitMs === undefined) {
        throw error;
      }
      await sleep(Math.max(waitMs, retryMs));
    }
  }
}

async function request({ base, token, fetch }, { method, path, body }) {
  let response;
  try {
    response = await fetch(base + path, {
      method,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        accept: "application/vnd.github+json",
        "content-type": "application/json",
        "user-agent": "cometform-action",
        "x-github-api-version": "2022-11-28",
        ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    throw toError({ method, path, said: error.cause?.code ?? error.name }, 0);
  }
  const text = await response.text();
  if (response.ok) {
    return text === "" ? undefined : JSON.parse(text);
  }
  const { status } = response;
  throw toError({ method, path, status, said: messageIn(text) }, retryOf(response));
}

function toError(reason, retryMs) {
  const error = new GithubError(reason);
  error.retryMs = retryMs;
  return error;
}

/** A refusal for its rate says when to come back; a server's own trouble may pass. */
function retryOf({ status, headers }) {
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  if (status === 429 || (status === 403 && !Number.isNaN(seconds))) {
    return (Number.isNaN(seconds) ? 60 : seconds) * 1_000;
  }
  return status >= 500 ? 0 : undefined;
}

function messageIn(text) {
  try {
    const { message } = JSON.parse(text);
    return typeof message === "string" ? message.slice(0, 300) : "";
  } catch {
    return "";
  }
}

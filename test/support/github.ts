import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A comment or an issue as the fake keeps it. */
export interface Post {
  readonly id: number;
  readonly number: number;
  body: string;
  state: string;
  readonly labels: readonly string[];
  readonly user: { readonly login: string };
}

/** A pull request as far as the list of a commit's pull requests shows it. */
export interface ListedPull {
  readonly number: number;
  readonly merged_at: string | null;
  readonly merge_commit_sha: string;
  readonly base: { readonly ref: string };
}

/** What the fake is to answer instead of what it would. */
export interface Trouble {
  readonly status: number;
  readonly message?: string;
  readonly retryAfter?: number;
  /** Does what it was asked all the same: only the answer is lost. */
  readonly isDone?: boolean;
}

/** A server that looks like the part of GitHub's REST API that is used, on loopback. */
export interface FakeGithub {
  readonly url: string;
  readonly comments: Post[];
  readonly issues: Post[];
  readonly pulls: ListedPull[];
  /** Every request so far: `GET /repos/acme/chat/issues/7/comments?page=1`. */
  readonly requests: string[];
  /** Asked before each request is answered. */
  trouble: (method: string, path: string) => Trouble | undefined;
  /** Who writes with the token. */
  login: string;
  close(): Promise<void>;
}

/** Documented: "Body is too long (maximum is 65536 characters)". */
const bodyMax = 65_536;

/** Serves an empty repository `acme/chat`. */
export async function serveGithub(): Promise<FakeGithub> {
  let ids = 1000;
  const fake: Omit<FakeGithub, "url" | "close"> = {
    ...{ comments: [], issues: [], pulls: [], requests: [] },
    trouble: () => undefined,
    login: "github-actions[bot]",
  };
  const post = (number: number, body: string, labels: readonly string[]): Post => {
    ids += 1;
    return { id: ids, number, body, state: "open", labels, user: { login: fake.login } };
  };
  const answer = (method: string, url: URL, sent: Sent): Answer => {
    const path = url.pathname;
    if (String(sent.body ?? "").length > bodyMax) {
      return { status: 422, value: { message: "Validation Failed: body is too long" } };
    }
    const page = <T>(rows: readonly T[]): Answer => {
      const size = Number(url.searchParams.get("per_page") ?? 30);
      const from = (Number(url.searchParams.get("page") ?? 1) - 1) * size;
      return { status: 200, value: rows.slice(from, from + size) };
    };
    const routes: readonly (readonly [string, RegExp, (id: number) => Answer])[] = [
      [
        "GET",
        /^\/repos\/acme\/chat\/issues\/(\d+)\/comments$/,
        (id) => page(fake.comments.filter(({ number }) => number === id)),
      ],
      [
        "POST",
        /^\/repos\/acme\/chat\/issues\/(\d+)\/comments$/,
        (id) => created(fake.comments, post(id, String(sent.body), [])),
      ],
      [
        "PATCH",
        /^\/repos\/acme\/chat\/issues\/comments\/(\d+)$/,
        (id) =>
          changed(
            fake.comments.find((one) => one.id === id),
            sent,
          ),
      ],
      [
        "DELETE",
        /^\/repos\/acme\/chat\/issues\/comments\/(\d+)$/,
        (id) => {
          fake.comments.splice(
            fake.comments.findIndex((one) => one.id === id),
            1,
          );
          return { status: 204 };
        },
      ],
      ["GET", /^\/repos\/acme\/chat\/commits\/([0-9a-f]+)\/pulls$/, () => page(fake.pulls)],
      [
        "GET",
        /^\/repos\/acme\/chat\/issues$/,
        () => page(fake.issues.filter((issue) => isAsked(issue, url.searchParams))),
      ],
      [
        "POST",
        /^\/repos\/acme\/chat\/issues$/,
        () =>
          created(fake.issues, post(fake.issues.length + 1, String(sent.body), sent.labels ?? [])),
      ],
      [
        "PATCH",
        /^\/repos\/acme\/chat\/issues\/(\d+)$/,
        (id) =>
          changed(
            fake.issues.find(({ number }) => number === id),
            sent,
          ),
      ],
    ];
    for (const [verb, pattern, serve] of routes) {
      const found = pattern.exec(path);
      if (verb === method && found !== null) return serve(Number(found[1] ?? 0));
    }
    return { status: 404, value: { message: "Not Found" } };
  };
  const server = createServer((request, response) => {
    void serve(fake, answer, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(fake, {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

interface Sent {
  readonly body?: string;
  readonly state?: string;
  readonly labels?: readonly string[];
}

interface Answer {
  readonly status: number;
  readonly value?: unknown;
}

async function serve(
  fake: Omit<FakeGithub, "url" | "close">,
  answer: (method: string, url: URL, sent: Sent) => Answer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = "" } = request;
  const url = new URL(request.url ?? "", "http://127.0.0.1");
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  fake.requests.push(`${method} ${url.pathname}${url.search}`);
  const sent: Sent = text === "" ? {} : JSON.parse(text);
  const trouble = fake.trouble(method, url.pathname);
  const usual = trouble === undefined || trouble.isDone === true ? answer(method, url, sent) : {};
  const { status, value } = {
    status: 500,
    ...usual,
    ...(trouble === undefined
      ? {}
      : { status: trouble.status, value: { message: trouble.message } }),
  } as Answer;
  const wait = trouble?.retryAfter;
  response.writeHead(status, wait === undefined ? {} : { "retry-after": String(wait) });
  response.end(value === undefined ? "" : JSON.stringify(value));
}

function created(rows: Post[], row: Post): Answer {
  rows.push(row);
  return { status: 201, value: row };
}

function changed(row: Post | undefined, { body, state }: Sent): Answer {
  if (row === undefined) return { status: 404, value: { message: "Not Found" } };
  row.body = body ?? row.body;
  row.state = state ?? row.state;
  return { status: 200, value: row };
}

function isAsked({ state, labels }: Post, search: URLSearchParams): boolean {
  const label = search.get("labels");
  return state === search.get("state") && (label === null || labels.includes(label));
}

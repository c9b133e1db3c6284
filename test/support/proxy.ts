import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a request is answered with instead of being passed on. */
export interface Reply {
  readonly status: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
}

/** Decides about a request: a reply of its own, no answer at all, or `undefined` to pass it on. */
export type Meddle = (request: {
  readonly method: string;
  /** Without the version, without the query. */
  readonly path: string;
  readonly body: string;
}) => Reply | "cut" | undefined | Promise<Reply | "cut" | undefined>;

/** A host that stands between a command and its app. */
export interface ChatProxy {
  readonly chatUrl: string;
  meddle(how: Meddle): void;
  close(): Promise<void>;
}

/** Serves what passes requests on to an app at `chatUrl` unless it is told otherwise. */
export async function serveProxy(chatUrl: string): Promise<ChatProxy> {
  let how: Meddle = () => undefined;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "GET", url = "/" } = request;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const target = url.replace(/^\/v3/, "");
    const decision = await how({ method, path: target.replace(/\?.*/, ""), body });
    if (decision === "cut") {
      response.destroy();
      return;
    }
    const { status, headers, body: text } = decision ?? (await pass());
    response.writeHead(status, headers).end(text);

    async function pass(): Promise<Reply> {
      const { apikey = "" } = request.headers;
      const reply = await fetch(chatUrl + target, {
        method,
        headers: { "content-type": "application/json", apikey: String(apikey) },
        ...(body === "" ? {} : { body }),
      });
      return { status: reply.status, headers: JSON_TYPE, body: await reply.text() };
    }
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  const { port } = server.address() as AddressInfo;
  return {
    chatUrl: `http://127.0.0.1:${port}/v3`,
    meddle: (next) => {
      how = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => {
        server.close(done);
      });
    },
  };
}

const JSON_TYPE = { "content-type": "application/json" };

import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from "node:net";
import { join } from "node:path";
import { root } from "./cli.ts";

const tls = join(root, "test", "fixtures", "tls");

/** A file with the authority that signed the certificate of secure hosts. */
export const authorityFile: string = join(tls, "authority.pem");

/** The name besides localhost that the certificate of secure hosts is for; it resolves nowhere. */
export const secureName = "api.cometform.test";

/** Something that listens on this machine until it is closed. */
export interface Listener {
  readonly port: number;
  /** Connections that are open. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

/** Serves plain http. */
export function serve(answer: RequestListener): Promise<Listener> {
  return listen(createServer({ keepAliveTimeout: 60_000 }, answer));
}

/** Serves https with a certificate that nobody trusts of himself. */
export function serveSecurely(answer: RequestListener): Promise<Listener> {
  const [key, cert] = ["host.key", "host.pem"].map((name) => readFileSync(join(tls, name)));
  return listen(createSecureServer({ key, cert, keepAliveTimeout: 60_000 }, answer));
}

/** Takes connections and does with each what it is told. */
export function serveRaw(take: (socket: Socket) => void): Promise<Listener> {
  return listen(
    createTcpServer((socket) => {
      socket.on("error", () => undefined);
      take(socket);
      // Who does not read does not notice the end either.
      socket.resume();
    }),
  );
}

/** What a proxy was asked for. */
export interface Asked {
  readonly target: string;
  readonly authorization: string | undefined;
}

/** Serves as a proxy: tunnels lead to one port, whatever is asked for; or all get the same answer. */
export async function serveProxy(
  answer: { readonly port: number } | { readonly status: string },
): Promise<Listener & { readonly asked: readonly Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((_, response) => response.writeHead(400).end());
  server.on("connect", (request, client: Socket) => {
    const authorization = request.headers["proxy-authorization"];
    asked.push({ target: request.url ?? "", authorization });
    client.on("error", () => undefined);
    if (!("port" in answer)) {
      client.end(`HTTP/1.1 ${answer.status}\r\ncontent-length: 2\r\n\r\n{}`);
      return;
    }
    const host = connect(answer.port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      client.pipe(host).pipe(client);
    });
    host.on("error", () => client.destroy());
    client.on("close", () => host.destroy());
  });
  return { ...(await listen(server)), asked };
}

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<Listener> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  return {
    port: (server.address() as AddressInfo).port,
    connections: async () => sockets.size,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Transport } from "../../../src/providers/http/transport.ts";
import type { SimulatedTime } from "./simulated-time.ts";

/** The wire between a client and a service that are both in this process. */
export interface Wire {
  /** The same transport, for which time stands still while anybody works on a request. */
  over(transport: Transport): Transport;
  /** How the service waits. */
  wait(ms: number): Promise<void>;
  /** Connections that clients in this process have open, and the most there ever were. */
  sockets(): { readonly open: number; readonly most: number };
  /** Connections that the service has open. */
  served(): Promise<number>;
  close(): void;
}

/**
 * Watches all connections of this process. An exchange is at work from when it is sent until its end,
 * but for the time in which the service sleeps over it.
 */
export function watchWire(time: SimulatedTime): Wire {
  const servers = new Set<Server>();
  let [open, most] = [0, 0];
  const onSocket = (message: unknown) => {
    const { socket } = message as { readonly socket: Socket };
    open += 1;
    most = Math.max(most, open);
    socket.once("close", () => {
      open -= 1;
    });
  };
  const onRequest = (message: unknown) => {
    servers.add((message as { readonly server: Server }).server);
  };
  subscribe("net.client.socket", onSocket);
  subscribe("http.server.request.start", onRequest);
  return {
    over: (transport) => async (request) => {
      const reply = await time.during(() => transport(request));
      // The server dates replies by the machine's clock.
      const date = new Date(time.nowMs()).toUTCString();
      return { ...reply, headers: { ...reply.headers, date } };
    },
    wait: async (ms) => {
      time.work(-1);
      await time.wait(ms);
      time.work(1);
    },
    sockets: () => ({ open, most }),
    served: async () => {
      const counts = await Promise.all([...servers].map(connectionsOf));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    close: () => {
      unsubscribe("net.client.socket", onSocket);
      unsubscribe("http.server.request.start", onRequest);
    },
  };
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((done, failed) => {
    server.getConnections((error, count) => (error === null ? done(count) : failed(error)));
  });
}

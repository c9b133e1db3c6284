import type { AgentOptions, ClientRequest } from "node:http";
import { HttpsProxyAgent } from "https-proxy-agent";

/** Connections through proxies, kept alive like others. */
export interface Tunnels {
  /** The agent that connects through a proxy, the URL of which may hold credentials. */
  through(proxy: string): HttpsProxyAgent<string>;
  /** Gives up a tunnel that is not open yet, for this reason. */
  abandon(request: ClientRequest, reason: unknown): void;
  close(): void;
}

/** Tunnels for one transport, opened as they are needed. */
export function createTunnels(settings: AgentOptions): Tunnels {
  const agents = new Map<string, HttpsProxyAgent<string>>();
  // A tunnel that is still being asked for is in no agent's pool: neither agent nor request closes it.
  const opening = new Map<ClientRequest, AbortController>();
  const create = (proxy: string) => {
    const { url, headers } = withoutCredentials(proxy);
    const agent = new HttpsProxyAgent<string>(url, settings);
    agent.connect = async (request, options) => {
      const giveUp = new AbortController();
      opening.set(request, giveUp);
      try {
        const tunnel = new HttpsProxyAgent<string>(url, { headers, signal: giveUp.signal });
        return await tunnel.connect(request, options);
      } catch (error) {
        throw giveUp.signal.aborted ? giveUp.signal.reason : error;
      } finally {
        opening.delete(request);
      }
    };
    agents.set(proxy, agent);
    return agent;
  };
  return {
    through: (proxy) => agents.get(proxy) ?? create(proxy),
    abandon: (request, reason) => opening.get(request)?.abort(reason),
    close: () => {
      for (const giveUp of opening.values()) giveUp.abort();
      for (const agent of agents.values()) agent.destroy();
    },
  };
}

/** The library prints the URLs it is given where `DEBUG` is set; headers it does not. */
function withoutCredentials(proxy: string) {
  // The error of `URL` would hold what it was given.
  if (!URL.canParse(proxy)) throw new Error("a proxy was named by something that is no URL");
  const url = new URL(proxy);
  const { username, password } = url;
  if (username === "" && password === "") return { url, headers: {} };
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  url.username = "";
  url.password = "";
  const basic = Buffer.from(pair).toString("base64");
  return { url, headers: { "Proxy-Authorization": `Basic ${basic}` } };
}

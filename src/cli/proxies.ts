import { BlockList, isIP } from "node:net";
import { isLoopback } from "../providers/http/destination.ts";
import { exitCodes, fail } from "./exit.ts";
import { type Environment, variable } from "./terminal.ts";

/** In the order in which they are looked at, as curl does it. */
const names = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
const exceptions = ["no_proxy", "NO_PROXY"];

/**
 * The proxy by which each URL is reached, as the environment says. Only https goes through one, and
 * never to this machine. A proxy that cannot be used fails where it would be.
 */
export function readProxies(environment: Environment): (url: string) => string | undefined {
  const name = names.find((one) => variable(environment, one) !== undefined);
  if (name === undefined) {
    return () => undefined;
  }
  const exception = exceptions.map((one) => variable(environment, one)).find(Boolean) ?? "";
  const isExcepted = readExceptions(exception);
  return (text) => {
    const url = new URL(text);
    const isDirect = url.protocol !== "https:" || isLoopback(url.hostname) || isExcepted(url);
    return isDirect ? undefined : readProxy(name, variable(environment, name) ?? "");
  };
}

/** The URL of a proxy, without which `http://` is meant, as with curl. */
function readProxy(name: string, text: string): string {
  const written = text.includes("://") ? text : `http://${text}`;
  const problem = proxyProblem(written);
  if (problem !== undefined) {
    // Without the text: a password may stand in it.
    throw fail(exitCodes.unreachable, {
      code: "app/configuration",
      summary: `${name} is no proxy that can be used`,
      detail: `${problem}.`,
      hint: `Correct it, like http://HOST:PORT, unset it, or list the app's host in NO_PROXY.`,
    });
  }
  return written;
}

function proxyProblem(text: string): string | undefined {
  if (!URL.canParse(text)) {
    return "It is not a URL";
  }
  const { protocol, hostname, username, password } = new URL(text);
  if (protocol !== "http:" && protocol !== "https:") {
    return "It must begin with http:// or https://; SOCKS is not spoken";
  }
  if (hostname === "") {
    return "It names no host";
  }
  return isEncoded(username) && isEncoded(password)
    ? undefined
    : "A % in its name or password must be written as %25";
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Names stand for themselves and what is below them, with or without a dot or `*.` in front; addresses
 * for themselves or, with `/BITS`, for their network; a port limits either. `*` is everything.
 */
function readExceptions(text: string): (url: URL) => boolean {
  const entries = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  return (url) => {
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const port = url.port === "" ? "443" : url.port;
    return entries.some((entry) => {
      if (entry === "*") {
        return true;
      }
      const { name, only } = splitPort(entry);
      return (only === undefined || only === port) && matches(name, host);
    });
  };
}

function splitPort(entry: string): { readonly name: string; readonly only?: string } {
  const [, bracketed, plain, only] = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? [];
  const name = bracketed ?? plain ?? entry;
  return only === undefined ? { name } : { name, only };
}

function matches(entry: string, host: string): boolean {
  if (isIP(host) !== 0) {
    return isInNetwork(entry, host);
  }
  const name = entry.replace(/^\*?\./, "");
  return host === name || host.endsWith(`.${name}`);
}

function isInNetwork(entry: string, host: string): boolean {
  const [address = "", bits] = entry.split("/");
  const family = isIP(address);
  const prefix = bits === undefined ? familyBits(family) : Number(/^\d{1,3}$/.exec(bits)?.[0]);
  const isNetwork = family !== 0 && prefix <= familyBits(family);
  if (!isNetwork || family !== isIP(host)) {
    return false;
  }
  const type = family === 6 ? "ipv6" : "ipv4";
  const network = new BlockList();
  network.addSubnet(address, prefix, type);
  return network.check(host, type);
}

function familyBits(family: number): number {
  return family === 6 ? 128 : 32;
}

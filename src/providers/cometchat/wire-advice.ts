import { type HttpReply, isUntrusted, type TransportError } from "../http/transport.ts";

/** What an error says besides what happened. */
export interface Advice {
  readonly reason?: string;
  readonly hint?: string;
}

/** What happened, after the name of the call, and what may be specific about it. */
export type Saying = Advice & { readonly said: string };

/** Where a reply sends its caller, if it does; only the host of it, for the rest may hold secrets. */
export function redirectOf({ status, headers }: HttpReply): Saying | undefined {
  if (!REDIRECTS.has(status)) return undefined;
  return {
    said: `a redirect ${whereTo(headers["location"] ?? "")}`,
    reason: "Redirects are not followed: the keys would go wherever a reply says.",
    hint: "Check --base-url or COMETCHAT_BASE_URL (for webhooks COMETCHAT_MANAGEMENT_URL): it must be the API itself, with https:// and the version, like https://APP.api-us.cometchat.io/v3.",
  };
}

function whereTo(location: string): string {
  if (location === "") return "to nowhere";
  // `//HOST/PATH` means the scheme of the call, which is https but on this machine.
  const full = location.startsWith("//") ? `https:${location}` : location;
  if (!URL.canParse(full)) return "within the same host";
  const { origin } = new URL(full);
  return origin === "null" ? "to something that is no host" : `to ${origin}`;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** What is said of an exchange without a reply; a write may have been carried out all the same. */
export function silenceOf(
  { code }: TransportError,
  { isUnknown, host }: { readonly isUnknown: boolean; readonly host: string },
): Saying {
  if (code === "REPLY_TOO_LARGE") {
    const said = "was answered with more than 32 MB, and was cut off there";
    return isUnknown ? { said } : { said, ...TOO_LARGE };
  }
  if (code.startsWith("PROXY_")) return ofProxy(code.slice("PROXY_".length));
  const said = `got no answer from ${host} (${code})`;
  if (isUntrusted(code)) return { said, ...UNTRUSTED };
  return /TLS|SSL|EPROTO/.test(code) && !isUnknown ? { said, ...NO_TLS } : { said };
}

const TOO_LARGE: Advice = {
  reason: "No page of the API is that large; perhaps this is another host.",
  hint: "Check --base-url or COMETCHAT_BASE_URL: it ends in the version, like https://APP.api-us.cometchat.io/v3.",
};

function ofProxy(status: string): Saying {
  if (status === "407") {
    return {
      said: "was not let out by the proxy (407)",
      reason: "The proxy asks for a name and a password, or does not accept those it got.",
      hint: "HTTPS_PROXY must hold them: http://NAME:PASSWORD@HOST:PORT, with special characters as %XX.",
    };
  }
  const isRefusal = /^4/.test(status);
  return {
    said: `was not let out by the proxy (${status.toLowerCase()})`,
    reason: isRefusal
      ? "The proxy does not open connections to this host."
      : "The proxy failed to connect to the host, or is no proxy.",
    hint: "Check HTTPS_PROXY, and the base URL if you gave one; a host in NO_PROXY is reached without the proxy.",
  };
}

const UNTRUSTED: Advice = {
  reason: "The certificate of the host is not one that this machine trusts for that name.",
  hint: "Check the base URL; for an authority of your own set NODE_EXTRA_CA_CERTS to its file.",
};

const NO_TLS: Advice = {
  reason: "What answers there does not speak TLS, or not as this machine does.",
  hint: "Check the host and the port of the base URL, and whether a proxy is in between.",
};

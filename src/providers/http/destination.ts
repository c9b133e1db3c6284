/** Why requests, which carry keys, are not sent to a URL. */
export type Unsafe = "not-a-url" | "plain-text" | "dot-segments";

/**
 * Whether a host, as `URL` spells it, is this machine. Other names that resolve to it are not: what
 * they resolve to may change between the look and the call. `localhost` always is (RFC 6761).
 */
export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/** Why keys may not be sent to a URL, or `undefined` if they may. */
export function unsafetyOf(text: string): Unsafe | undefined {
  if (!URL.canParse(text)) return "not-a-url";
  const { protocol, hostname } = new URL(text);
  const isPrivate = protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
  if (!isPrivate) return "plain-text";
  // `URL` would take these away (line breaks first), and lead the call to another resource.
  const [path = ""] = text.replaceAll(/[\t\n\r]/g, "").split(/[?#]/, 1);
  return /[/\\](?:\.|%2e){1,2}(?:[/\\]|$)/i.test(path) ? "dot-segments" : undefined;
}

/**
 * The last line of defence: whoever calls has to have looked, so what fails here is our mistake.
 *
 * @throws Error which has nothing of the URL in it.
 */
export function requireSafe(url: string): void {
  const unsafety = unsafetyOf(url);
  if (unsafety !== undefined) throw new Error(`a request was to be sent to ${UNSAFE[unsafety]}`);
}

const UNSAFE: { readonly [unsafety in Unsafe]: string } = {
  "not-a-url": "something that is no URL",
  "plain-text": "another machine without https",
  "dot-segments": "a path with . or .. in it",
};

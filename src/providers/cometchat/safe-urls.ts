import { type Unsafe, unsafetyOf } from "../http/destination.ts";
import { type ConnectOptions, ProviderError } from "../provider.ts";

/**
 * Looks at the base URLs before anything is sent to them.
 *
 * @throws ProviderError when keys would travel in the clear, or to somewhere else than the URL says.
 */
export function requireSafeUrls({ baseUrl, managementUrl }: ConnectOptions): void {
  const unsafe = [["chat", baseUrl] as const, ["management", managementUrl] as const].flatMap(
    ([name, url]) => {
      const unsafety = url === undefined ? undefined : unsafetyOf(url);
      return unsafety === undefined ? [] : [{ name, ...PROBLEMS[unsafety] }];
    },
  );
  const [first] = unsafe;
  if (first === undefined) return;
  throw new ProviderError({
    kind: "configuration",
    code: "BASE_URL_UNSAFE",
    message: `The ${first.name} base URL cannot be used: ${first.problem}`,
    reason: first.reason,
    hint: "Give one that begins with https://; http:// is for localhost, 127.0.0.1 and [::1].",
  });
}

const PROBLEMS: { readonly [unsafety in Unsafe]: { readonly problem: string; reason: string } } = {
  "not-a-url": { problem: "it is not a URL", reason: "Nothing can be sent to it." },
  "plain-text": {
    problem: "it is of another machine, without https",
    reason: "Every call carries the keys, and whoever is on the way could read them.",
  },
  "dot-segments": {
    problem: "its path has . or .. in it",
    reason: "These are taken away on the way, so the calls would go elsewhere.",
  },
};

const PLURALS: { readonly [kind: string]: string } = {
  role: "roles",
  user: "users",
  group: "groups",
  membership: "memberships",
  webhook: "webhooks",
};

/** Whether a selector means an address; told from what the documents say about selectors. */
export function means(selector: string, address: string): boolean {
  const [name = "", ...rest] = selector.split("/");
  const [kind = "", ...keys] = address.split("/");
  if (name !== "*" && name !== kind && name !== PLURALS[kind]) return false;
  if (rest.length === 0) return true;
  const pattern = kind === "webhook" ? rest.join("/") : rest.join("/").toLowerCase();
  const pieces = pattern.split("*").map((piece) => piece.replace(/[^\w]/g, "\\$&"));
  return new RegExp(`^${pieces.join(".*")}$`).test(keys.join("/"));
}

/** Whether one of the selectors means an address, or the group that a membership is in. */
export function isAmong(selectors: readonly string[], address: string): boolean {
  const group = /^membership\/([^:]+):/.exec(address)?.[1];
  return selectors.some(
    (selector) =>
      means(selector, address) || (group !== undefined && means(selector, `group/${group}`)),
  );
}

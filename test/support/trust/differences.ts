import type { AppState } from "../bound.ts";

const THINGS = [
  ["role", "roles"],
  ["user", "users"],
  ["group", "groups"],
  ["webhook", "webhooks"],
] as const;

/** Addresses of what is not the same in two states of an app. */
export function differences(before: AppState, after: AppState): string[] {
  const things = THINGS.flatMap(([kind, section]) =>
    changedKeys(before[section], after[section]).map((id) => `${kind}/${id}`),
  );
  const guids = new Set([...Object.keys(before.members), ...Object.keys(after.members)]);
  const members = [...guids].flatMap((guid) =>
    changedKeys(before.members[guid] ?? {}, after.members[guid] ?? {}).map(
      (uid) => `membership/${guid}:${uid}`,
    ),
  );
  return [...things, ...members].sort();
}

function changedKeys(
  before: { readonly [id: string]: unknown },
  after: { readonly [id: string]: unknown },
): string[] {
  const ids = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...ids].filter((id) => JSON.stringify(before[id]) !== JSON.stringify(after[id]));
}

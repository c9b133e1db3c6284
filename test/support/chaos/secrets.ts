import type { World } from "../world.ts";
import type { Chaos } from "./chaos.ts";
import { SECRET } from "./scene.ts";

type Thing = { readonly [name: string]: unknown };

const REFERENCE = "${SECRET}";

/** The same world, in which everything has write-only values that can have them. */
export function withSecrets(one: World): World {
  const { users, groups, webhooks, ...rest } = one.manifest;
  const manifest = {
    ...rest,
    ...each("users", users, withPrivate),
    ...each("groups", groups, one.dialect === "vendor" ? withPassword : withPrivate),
    ...each("webhooks", webhooks, withLogin),
  };
  return { ...one, manifest };
}

/** The same faults, and a service that repeats in an error what it was sent. */
export function withTelltale(chaos: Chaos): Chaos {
  const rule = {
    ...{ method: "POST", path: "/users", every: 2, fault: "status" as const, status: 400 },
    ...{ code: "ERR_BAD_REQUEST", message: `"${SECRET}" cannot be taken` },
  };
  return { ...chaos, faults: { ...chaos.faults, rules: [...chaos.faults.rules, rule] } };
}

function each(section: string, things: unknown, change: (thing: Thing) => Thing): Thing {
  if (things === undefined) return {};
  const changed = Object.entries(things as Thing).map(([id, thing]) => {
    return [id, change(thing as Thing)] as const;
  });
  return { [section]: Object.fromEntries(changed) };
}

function withPrivate(thing: Thing): Thing {
  const metadata = (thing["metadata"] ?? {}) as Thing;
  return { ...thing, metadata: { ...metadata, "@private": { pin: REFERENCE } } };
}

function withPassword(thing: Thing): Thing {
  return { ...thing, type: "password", password: REFERENCE };
}

function withLogin(thing: Thing): Thing {
  return { ...thing, basicAuth: { username: "cometform", password: REFERENCE } };
}

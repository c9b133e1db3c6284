import { isJsonObject } from "../model/json.ts";
import type { ApiCall, Plan, Step } from "../model/plan.ts";
import { type Address, keyIn, kindIn } from "../model/resource.ts";
import { escapeText } from "./escape.ts";
import { countOf, displayWidth, formatCount, wrap } from "./layout.ts";
import { maskSecrets } from "./value.ts";

/** A call on one line, write-only values as `***`: `PUT /users/alice {"name":"Alice"}`. */
export function formatCall({ method, host, path, body }: ApiCall): string {
  const place = host === "management" ? "management " : "";
  const text = body === null ? "" : ` ${JSON.stringify(maskSecrets(body, "***"))}`;
  return escapeText(`${place}${method} ${path}${text}`);
}

/** Whether a call has so many rows that it is shown by what they are of, and not as it is sent. */
export function isBulk({ quota }: ApiCall): boolean {
  return quota === "import";
}

/** A bulk call on one line, with as many of its rows as fit: `POST /data_import/users  50 users: ann, bob, …`. */
export function formatBulk({ call, changes }: Step, width: number): string {
  const lead = `${call.method} ${call.path}  ${countOf(changes.length, kindIn(changes[0] ?? ""))}:`;
  let text = escapeText(lead);
  for (const [index, address] of changes.entries()) {
    const isLast = index === changes.length - 1;
    const next = `${text} ${escapeText(keyIn(address))}${isLast ? "" : ","}`;
    // Some are named even where there is no room for any.
    if (index > 0 && displayWidth(next) > width - (isLast ? 0 : 2)) return `${text} …`;
    text = next;
  }
  return text;
}

/** The row of a bulk call that makes this resource, where it stands under the resource's own id. */
export function formatBulkRow({ call, changes }: Step, address: Address): string | undefined {
  const [rows] = Object.values(call.body ?? {});
  const row = isJsonObject(rows) ? rows[keyIn(address)] : undefined;
  if (!isJsonObject(row)) return undefined;
  const place = `${call.method} ${call.path}, one of ${countOf(changes.length, "row")}`;
  return escapeText(`${place}: ${JSON.stringify(maskSecrets(row, "***"))}`);
}

/** Every call of the plan in the order it was planned, numbered. */
export function renderCalls(plan: Plan, options: { readonly width: number }): string {
  const digits = formatCount(plan.steps.length).length;
  const lines = plan.steps.flatMap((step, index) => {
    const width = options.width - digits - 4;
    const text = isBulk(step.call) ? formatBulk(step, width) : formatCall(step.call);
    const [first = "", ...rest] = wrap(text, width);
    return [
      `  ${formatCount(index + 1).padStart(digits)}  ${first}`,
      ...rest.map((line) => `${" ".repeat(digits + 4)}${line}`),
    ];
  });
  return `${lines.join("\n")}\n`;
}

/** The plan's steps by the addresses they change. */
export function stepsByAddress(plan: Plan): ReadonlyMap<Address, readonly Step[]> {
  const steps = new Map<Address, Step[]>();
  for (const step of plan.steps) {
    for (const address of step.changes) {
      const known = steps.get(address);
      if (known === undefined) {
        steps.set(address, [step]);
      } else {
        known.push(step);
      }
    }
  }
  return steps;
}

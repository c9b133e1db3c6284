import type { ApiCall, Plan, Step } from "../model/plan.ts";
import type { Address } from "../model/resource.ts";
import { escapeText } from "./escape.ts";
import { formatCount, wrap } from "./layout.ts";
import { maskSecrets } from "./value.ts";

/** A call on one line, write-only values as `***`: `PUT /users/alice {"name":"Alice"}`. */
export function formatCall({ method, host, path, body }: ApiCall): string {
  const place = host === "management" ? "management " : "";
  const text = body === null ? "" : ` ${JSON.stringify(maskSecrets(body, "***"))}`;
  return escapeText(`${place}${method} ${path}${text}`);
}

/** Every call of the plan in the order it was planned, numbered. */
export function renderCalls(plan: Plan, options: { readonly width: number }): string {
  const digits = formatCount(plan.steps.length).length;
  const lines = plan.steps.flatMap((step, index) => {
    const [first = "", ...rest] = wrap(formatCall(step.call), options.width - digits - 4);
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

import type { Diagnostic } from "../../../model/diagnostic.ts";
import type { DiagnosticCode } from "../../../model/diagnostic-code.ts";
import { isJsonObject } from "../../../model/json.ts";
import type { Change } from "../../../model/plan.ts";
import type { Dialect } from "../dialects/dialect.ts";

/** The attributes a change writes, `metadata` for `metadata.seat`. */
export function rootsOf(change: Change): ReadonlySet<string> {
  return new Set(change.attributes.map(({ path }) => path.split(".", 1)[0] ?? path));
}

/** A reason why a change is refused, at its address. */
export function problem(
  change: Change,
  about: { readonly code: DiagnosticCode; readonly summary: string; readonly hint: string },
): Diagnostic {
  return { severity: "error", address: change.address, ...about };
}

/** Attributes without which a resource cannot be created. */
export function checkRequired(change: Change, names: readonly string[]): Diagnostic[] {
  if (change.action !== "create") return [];
  return names
    .filter((name) => change.planned[name] === undefined)
    .map((name) =>
      problem(change, {
        code: "attribute/required",
        summary: `${change.address} does not exist yet and cannot be created without ${name}`,
        hint: `Add ${name} to it in the manifest.`,
      }),
    );
}

/** Attributes that the dialect has no call for. */
export function checkCarried(change: Change, dialect: Dialect): Diagnostic[] {
  if (change.action === "delete") return [];
  const written = rootsOf(change);
  const never = (dialect.uncarried[change.kind] ?? []).filter((name) => written.has(name));
  const late = (dialect.fixed[change.kind] ?? []).filter((name) => written.has(name));
  return [
    ...never.map((name) =>
      problem(change, {
        code: "dialect/unsupported",
        summary: `${change.address} sets ${name}, which the ${dialect.name} dialect cannot carry`,
        hint: `Take ${name} out, or use the vendor dialect.`,
      }),
    ),
    ...(change.action === "create" ? [] : late).map((name) =>
      problem(change, {
        code: "dialect/fixed",
        summary: `${change.address} changes ${name}, which the ${dialect.name} dialect can only set on creation`,
        hint: `Leave ${name} as it is in the app, or use the vendor dialect.`,
      }),
    ),
  ];
}

/** Whether a change writes metadata, and whether private metadata may be there without showing. */
export interface PrivateMetadata {
  readonly isWritten: boolean;
  /** Users are documented to have it, others only if it shows. */
  readonly isLikely: boolean;
}

/**
 * Private metadata that a write would drop, because metadata is written as a whole and private values
 * need not be told (not documented whether they are): a warning where they may be and are not declared.
 */
export function checkPrivate(
  change: Change,
  { isWritten, isLikely }: PrivateMetadata,
): Diagnostic[] {
  if (change.action === "create" || change.action === "delete" || !isWritten) return [];
  const declared = change.desired?.attributes["metadata"];
  if (declared === null || (isJsonObject(declared) && declared["@private"] !== undefined))
    return [];
  const isThere = change.live?.withheld?.includes("metadata.@private") === true;
  if (!isThere && !isLikely) return [];
  return [
    {
      severity: "warning",
      code: "metadata/private",
      summary: isThere
        ? `${change.address} has private metadata that the manifest does not declare: it is lost`
        : `${change.address}: if it has private metadata, that is lost by writing the rest`,
      detail: "Metadata is written as a whole, and private values cannot be read back.",
      hint: "Declare metadata.@private in the manifest to send it along.",
      address: change.address,
    },
  ];
}

import type { Address } from "../model/resource.ts";

/**
 * What a caller gave that cannot be used: a wrong value, or values that do not belong together. Nothing
 * was sent to the app.
 */
export class InputError extends Error {
  override readonly name = "InputError";
  /** Stable, as `stage/problem`. */
  readonly code: string;
  /** What to do next, in a sentence. */
  readonly hint: string;

  constructor(reason: { readonly code: string; readonly summary: string; readonly hint: string }) {
    super(reason.summary);
    this.code = reason.code;
    this.hint = reason.hint;
  }
}

/** The app is no longer as a plan saw it. Nothing was applied: make a new plan. */
export class StalePlanError extends Error {
  override readonly name = "StalePlanError";
  /** What has changed since. */
  readonly addresses: readonly Address[];

  constructor(addresses: readonly Address[]) {
    super(`The app has changed since the plan was made: ${addresses.slice(0, 10).join(", ")}`);
    this.addresses = addresses;
  }
}

import { ProviderError } from "../../provider.ts";

/**
 * Turns the service's word that something does not exist into `undefined`. Every other 404 is thrown
 * as something that could not be read: a proxy's page, a route that the host does not know.
 */
export function orAbsent(absentCode: string): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof ProviderError) || error.kind !== "not-found") throw error;
    if (error.code === absentCode) return undefined;
    throw new ProviderError({
      kind: "unreadable",
      code: error.code,
      status: error.status,
      message: error.message,
      reason: error.reason ?? "This is not how the service says that something does not exist.",
      hint: error.hint ?? CHECK_URL,
      cause: error,
    });
  };
}

const CHECK_URL = "Run again; if it stays like this, check --base-url or COMETCHAT_BASE_URL.";

/** The error of a reply that is about something else than what was asked for. */
export function toOther(path: string): ProviderError {
  return new ProviderError({
    kind: "unreadable",
    code: "UNREADABLE_REPLY",
    message: `GET ${path} answered with something else than what was asked for`,
    reason: "Nothing is planned on a reply that may be about another resource.",
    hint: CHECK_URL,
  });
}

/** The error of a resource that cannot be said to be absent, since its listing was not read whole. */
export function toUntold(address: string, listed: string): ProviderError {
  return new ProviderError({
    kind: "unreadable",
    code: "READ_INCOMPLETE",
    message: `Cannot tell whether ${address} exists: the listing of ${listed} was not read to its end`,
    reason: "It changed while it was read, or the service cut it short, so a row may be missing.",
    hint: "Run again when fewer changes are being made to the app.",
  });
}

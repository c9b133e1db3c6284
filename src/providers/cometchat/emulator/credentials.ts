import { ApiRefusal } from "./refusal.ts";

/** Which of the service's hosts a call means. */
export type Host = "chat" | "management" | "nowhere";

/** The API key of the emulated app, and the management key of its owner. */
export const emulatorKey = "emulator-key";

/** The management secret of the emulated app's owner. */
export const emulatorSecret = "emulator-secret";

/**
 * Checks the credentials of a call.
 *
 * @throws ApiRefusal if they are missing or wrong.
 */
export function authorise(headers: Headers, host: Host): void {
  if (host === "chat") requireHeader(headers, "apikey", emulatorKey);
  if (host === "management") {
    requireHeader(headers, "key", emulatorKey);
    requireHeader(headers, "secret", emulatorSecret);
  }
}

function requireHeader(headers: Headers, name: string, expected: string): void {
  const value = headers.get(name) ?? "";
  if (value === "") {
    throw new ApiRefusal(401, "AUTH_ERR_EMPTY_APIKEY", `The header ${name} is missing.`);
  }
  if (value !== expected) {
    throw new ApiRefusal(401, "AUTH_ERR_APIKEY_NOT_FOUND", `The ${name} does not exist.`);
  }
}

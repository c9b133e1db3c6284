import { unsafetyOf } from "../providers/http/destination.ts";

/** Why a text is no base URL that keys may be sent to, or `undefined` if it is one. */
export function baseUrlProblem(text: string): string | undefined {
  const unsafety = unsafetyOf(text);
  if (unsafety === "not-a-url") {
    return "It is not a URL";
  }
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    return "It must not contain a user name or a password";
  }
  if (url.search !== "" || url.hash !== "") {
    return "It must not have a query or a fragment";
  }
  if (unsafety === "dot-segments") {
    return "It must not have . or .. in its path";
  }
  return unsafety === undefined
    ? undefined
    : "It must begin with https:// (http:// is for this machine only)";
}

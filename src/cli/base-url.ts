const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Why a text is no base URL that keys may be sent to, or `undefined` if it is one. */
export function baseUrlProblem(text: string): string | undefined {
  if (!URL.canParse(text)) {
    return "It is not a URL";
  }
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    return "It must not contain a user name or a password";
  }
  if (url.search !== "" || url.hash !== "") {
    return "It must not have a query or a fragment";
  }
  if (url.protocol === "https:" || (url.protocol === "http:" && loopback.test(url.hostname))) {
    return undefined;
  }
  return "It must begin with https:// (http:// is for this machine only)";
}

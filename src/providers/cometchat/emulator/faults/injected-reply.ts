import { ApiRefusal, errorBody } from "../refusal.ts";
import type { HtmlFault, StatusFault } from "./fault-rules.ts";

/** An answer that is ready to be sent. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Nothing for the statuses that have no body. */
  readonly text: string;
}

const htmlStatus = 502;

const bodilessStatuses: ReadonlySet<number> = new Set([204, 205, 304]);

const codes: ReadonlyMap<number, string> = new Map([
  [401, "AUTH_ERR_APIKEY_NOT_FOUND"],
  [429, "ERR_TOO_MANY_REQUESTS"],
]);

/** The error answer that a fault puts in place of the app's, quota headers not included. */
export function statusReply(fault: StatusFault, source: string): Reply {
  const { status, code = codes.get(status) ?? "ERR_EXCEPTION", headers = {} } = fault;
  const { message = `The emulator was told to answer ${status}.` } = fault;
  const body = errorBody(new ApiRefusal(status, code, message), source);
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    text: bodilessStatuses.has(status) ? "" : JSON.stringify(body),
  };
}

/** The page that a fault puts in place of the app's answer. */
export function htmlReply({ status = htmlStatus }: HtmlFault): Reply {
  const page = `<!DOCTYPE html>\n<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>\n`;
  return {
    status,
    headers: { "content-type": "text/html" },
    text: bodilessStatuses.has(status) ? "" : page,
  };
}

import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Wait } from "../clock.ts";
import { DroppedConnectionError } from "./dropped-connection-error.ts";
import { type AnswerFault, type CutFault, type DripFault, momentOf } from "./fault-rules.ts";
import { htmlReply, type Reply, statusReply } from "./injected-reply.ts";

/** How an answer leaves. */
export interface Way {
  /** Nothing for calls within the process, which have no socket. */
  readonly outgoing: ServerResponse | undefined;
  readonly wait: Wait;
  /** The source that errors name. */
  readonly source: string;
}

const dripBytes = 16;

/** The status that a request is answered with; 0 if it is not answered. */
export function answeredStatus(fault: AnswerFault | undefined, status: number): number {
  if (fault?.fault === "drop") return 0;
  if (fault?.fault === "status") return fault.status;
  return fault?.fault === "html" ? htmlReply(fault).status : status;
}

/**
 * Sends an answer, or what a fault makes of it.
 *
 * @param reply the app's own answer; nothing if the request was not executed.
 * @throws DroppedConnectionError for a call within the process that is dropped.
 */
export function deliver(
  reply: Reply | undefined,
  fault: AnswerFault | undefined,
  way: Way,
): Response {
  if (fault?.fault === "drop") return drop(momentOf(fault), way);
  if (fault?.fault === "status") return toResponse(statusReply(fault, way.source));
  if (fault?.fault === "html") return toResponse(htmlReply(fault));
  assert(reply !== undefined, "an answer is to be sent that nobody gave");
  const { status, headers, text } = reply;
  switch (fault?.fault) {
    case "cut":
      return cut(reply, fault, way);
    case "malformed":
      // Without its last brace no object is JSON, however lenient the reader.
      return toResponse({ status, headers, text: text.slice(0, -1) });
    case "drip":
      return new Response(dripping(text, fault, way.wait), { status, headers: { ...headers } });
    default:
      return toResponse(reply);
  }
}

function toResponse({ status, headers, text }: Reply): Response {
  return new Response(text === "" ? null : text, { status, headers: { ...headers } });
}

function drop(when: "before" | "after", { outgoing }: Way): Response {
  if (outgoing === undefined) throw new DroppedConnectionError(when);
  outgoing.destroy();
  return RESPONSE_ALREADY_SENT;
}

function cut({ status, headers, text }: Reply, { bytes }: CutFault, { outgoing }: Way): Response {
  const whole = Buffer.from(text);
  // What is cut lacks something, however much was to get through.
  const part = whole.subarray(0, Math.min(bytes ?? whole.length >> 1, whole.length - 1));
  const announced = { ...headers, "content-length": String(whole.length) };
  if (outgoing === undefined) {
    return new Response(new Uint8Array(part), { status, headers: announced });
  }
  outgoing.writeHead(status, announced);
  outgoing.write(part, () => outgoing.destroy());
  return RESPONSE_ALREADY_SENT;
}

function dripping(text: string, { ms, bytes = dripBytes }: DripFault, wait: Wait): ReadableStream {
  const whole = Buffer.from(text);
  let sent = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        await wait(ms);
        controller.enqueue(new Uint8Array(whole.subarray(sent, sent + bytes)));
        sent += bytes;
        if (sent >= whole.length) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

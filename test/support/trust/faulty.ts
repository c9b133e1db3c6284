import type { HttpReply, HttpRequest, Transport } from "../../../src/providers/http/transport.ts";

/** How a page of a listing goes wrong. */
export const FAULTS = [
  "forbidden",
  "html",
  "no list",
  "half",
  "repeated",
  "cut",
  "dropped",
  "failed once",
] as const;

/** One of them. */
export type Fault = (typeof FAULTS)[number];

/** A listing of which some page goes wrong, and how. */
export interface Trouble {
  readonly fault: Fault;
  /** Which request for a listing it hits, counted over all of them. */
  readonly at: number;
}

/** A transport that goes wrong at one page, and what it did. */
export interface Faulty {
  readonly transport: Transport;
  /** The path of the listing that was hit; none if there were not as many pages. */
  hit(): string | undefined;
  /** Whether that is a listing of what is marked alone. */
  isByMark(): boolean;
}

/** A transport of which one listing's page goes wrong, again and again if it is asked for again. */
export function faulty(transport: Transport, { fault, at }: Trouble): Faulty {
  let seen = 0;
  let hit: string | undefined;
  let page: string | undefined;
  let failures = 0;
  return {
    hit: () => hit,
    isByMark: () => page !== undefined && new URL(page).searchParams.has("tags"),
    transport: async (request) => {
      if (request.method !== "GET") return transport(request);
      if (page === undefined) {
        const reply = await transport(request);
        if (!isListing(reply)) return reply;
        seen += 1;
        if (seen <= at || !isTouched(fault, reply)) return reply;
        page = request.url;
        hit = pathOf(request);
      }
      if (request.url !== page) return transport(request);
      failures += 1;
      if (fault === "failed once") {
        const busy = { status: 503, headers: {}, text: "busy" };
        return failures === 1 ? busy : transport(request);
      }
      return spoil(fault, await transport(request), transport, request);
    },
  };
}

function pathOf({ url }: HttpRequest): string {
  return new URL(url).pathname.replace("/v3", "");
}

function isListing(reply: HttpReply): boolean {
  return reply.status === 200 && rowsOf(reply) !== undefined;
}

function rowsOf({ text }: HttpReply): unknown[] | undefined {
  const { data } = JSON.parse(text) as { readonly data?: unknown };
  return Array.isArray(data) ? data : undefined;
}

/** Rows can only be cut, dropped or repeated where there are some. */
function isTouched(fault: Fault, reply: HttpReply): boolean {
  const isOfRows = fault === "cut" || fault === "dropped" || fault === "repeated";
  return !isOfRows || (rowsOf(reply) ?? []).length > 0;
}

async function spoil(
  fault: Fault,
  reply: HttpReply,
  transport: Transport,
  request: HttpRequest,
): Promise<HttpReply> {
  const body = JSON.parse(reply.text) as { readonly data: unknown[] };
  const withRows = (data: unknown) => ({ ...reply, text: JSON.stringify({ ...body, data }) });
  switch (fault) {
    case "forbidden":
      return { status: 403, headers: {}, text: '{"error":{"code":"ERR_NO_ACCESS"}}' };
    case "html":
      return { ...reply, text: "<!doctype html><title>Just a moment</title>" };
    case "no list":
      return withRows({ nope: true });
    case "half":
      return { ...reply, text: reply.text.slice(0, reply.text.length / 2) };
    case "repeated":
      // A row that moved from the page before to this one.
      return withRows([body.data[0], ...body.data.slice(0, -1), body.data[0]]);
    case "cut":
      return withRows(body.data.slice(0, -1));
    case "dropped":
      return withRows([...body.data.slice(1), ...(await nextRow(transport, request))]);
    default:
      return reply;
  }
}

/** The first row of the next page, as if a row before it had gone. */
async function nextRow(transport: Transport, request: HttpRequest): Promise<unknown[]> {
  const url = new URL(request.url);
  const page = Number(url.searchParams.get("page") ?? 1);
  url.searchParams.set("page", String(page + 1));
  const reply = await transport({ ...request, url: String(url) });
  return reply.status === 200 ? (rowsOf(reply) ?? []).slice(0, 1) : [];
}

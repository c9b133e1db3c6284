import type { Transport } from "../../src/providers/http/transport.ts";

/** The items in another order. */
export function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const drawn = items.map((item) => ({ item, place: random() }));
  return drawn.sort((a, b) => a.place - b.place).map(({ item }) => item);
}

/** A value with the keys of its objects, but not the items of its lists, in another order. */
export function shuffleKeys(value: unknown, random: () => number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffleKeys(item, random));
  if (typeof value !== "object" || value === null) return value;
  const entries = shuffle(Object.entries(value), random);
  return Object.fromEntries(entries.map(([key, inner]) => [key, shuffleKeys(inner, random)]));
}

/** A transport whose listings come in another order and with attributes nobody has heard of. */
export function shuffleRows(transport: Transport, random: () => number): Transport {
  return async (request) => {
    const reply = await transport(request);
    if (request.method !== "GET" || reply.status !== 200) return reply;
    const body = JSON.parse(reply.text);
    if (!Array.isArray(body.data)) return reply;
    const rows = shuffle(body.data as unknown[], random).map((row) =>
      typeof row === "object" && row !== null
        ? shuffleKeys({ ...row, updatedAt: random(), futureAttribute: { is: random() } }, random)
        : row,
    );
    return { ...reply, text: JSON.stringify({ ...body, data: rows }) };
  };
}

import { WINDOW_MS } from "./quota-window.ts";

/** When the calls of a class ended that may still count, oldest first; `head` is the first of them. */
export interface CallCount {
  ended: number[];
  head: number;
}

/** No call yet. */
export function createCount(): CallCount {
  return { ended: [], head: 0 };
}

/** How many calls count. */
export function counted({ ended, head }: CallCount): number {
  return ended.length - head;
}

/** When the call ended that is the `place`-th to be forgotten, from 1. */
export function endOf({ ended, head }: CallCount, place: number): number | undefined {
  return ended[head + place - 1];
}

/** Forgets calls that no window counts which runs now: of a minute ago, or of one that is over. */
export function forget(count: CallCount, nowMs: number, floorMs: number): void {
  const { ended } = count;
  const untilMs = Math.max(floorMs, nowMs - WINDOW_MS);
  while (count.head < ended.length && (ended[count.head] ?? 0) <= untilMs) count.head += 1;
  // Dropped in bulk, so that forgetting costs nothing per call.
  if (count.head > 4_096 && count.head * 2 > ended.length) {
    count.ended = ended.slice(count.head);
    count.head = 0;
  }
}

import { waitsIn } from "../model/pace.ts";
import type { Session } from "../providers/provider.ts";
import { waitText } from "../render/progress.ts";
import { type Context, say } from "./command.ts";

const lookIntervalMs = 500;
/** Whoever waits for less has no time to wonder. */
const toldMsMin = 3_000;

/** Reads with a session, and says what a long silence is due to: a quota that lets nothing out. */
export async function tellWaits<T>(
  context: Context,
  session: Session,
  read: () => Promise<T>,
): Promise<T> {
  const told = new Set<string>();
  const look = (): void => {
    const waits = waitsIn(session.pace());
    for (const wait of waits) {
      if (!told.has(wait.quota) && wait.waitMs > toldMsMin) {
        told.add(wait.quota);
        const text = waitText(wait);
        say(context, text.charAt(0).toUpperCase() + text.slice(1));
      }
    }
    for (const quota of [...told]) {
      if (waits.every((wait) => wait.quota !== quota)) {
        told.delete(quota);
      }
    }
  };
  const timer = setInterval(look, lookIntervalMs);
  try {
    return await read();
  } finally {
    clearInterval(timer);
  }
}

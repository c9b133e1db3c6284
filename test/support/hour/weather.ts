import type { FaultRule } from "../../../src/providers/cometchat/emulator/index.ts";

/** What goes wrong for a while. */
type Weather = "fair" | "rough" | "late";

const MINUTE_MS = 60_000;
const WEATHER_MS = 6 * MINUTE_MS;
/** In every hour nothing of the service is there for some minutes. */
const OUTAGE = { fromMs: 33 * MINUTE_MS, untilMs: 37 * MINUTE_MS };

/** The plan that the app is on halves and doubles now and then. */
const moods: readonly FaultRule[] = [300, 600, 1_200].map((calls) => ({
  ...{ probability: 0.001, fault: "quota", core: calls, standard: calls },
}));

const trouble: readonly FaultRule[] = [
  { probability: 0.004, fault: "drop" },
  { probability: 0.004, fault: "drop", when: "after" },
  { probability: 0.004, fault: "status", status: 503 },
  { probability: 0.004, fault: "status", status: 500, when: "after" },
  { probability: 0.003, fault: "html" },
  { probability: 0.003, fault: "cut" },
  { probability: 0.003, fault: "malformed" },
  { probability: 0.003, fault: "drip", ms: 5, bytes: 64 },
  { probability: 0.002, fault: "status", status: 429, headers: { "retry-after": "2" } },
  { probability: 0.02, fault: "delay", ms: 900 },
  // Longer than anybody waits. What is done late would come after what was sent instead of it.
  { probability: 0.001, fault: "delay", ms: 40_000, when: "after" },
  { probability: 0.1, fault: "partial", rowProbability: 0.1 },
];

const lag: FaultRule = { fault: "lag", ms: 1_500 };

/** What goes wrong from this time on, as rules of the emulator's. */
export function rulesAt(elapsedMs: number): readonly FaultRule[] {
  const hourMs = elapsedMs % (60 * MINUTE_MS);
  const untilMs = Math.ceil(OUTAGE.untilMs - hourMs);
  const afterMs = Math.max(0, Math.ceil(OUTAGE.fromMs - hourMs));
  const outage: FaultRule[] = untilMs > 0 ? [{ afterMs, untilMs, fault: "drop" }] : [];
  return [...outage, ...moods, ...ofWeather(weatherAt(elapsedMs))];
}

function weatherAt(elapsedMs: number): Weather {
  const order: readonly Weather[] = ["fair", "rough", "late", "rough"];
  return order[Math.floor(elapsedMs / WEATHER_MS) % order.length] ?? "fair";
}

function ofWeather(weather: Weather): readonly FaultRule[] {
  if (weather === "fair") return [];
  return weather === "late" ? [...trouble, lag] : trouble;
}

// How much of a quota is used, and how many calls are refused for it: the real client against real
// emulators on this machine, in real time. Takes two to three minutes; fails if a number is missed.
// `--smoke` sends what fits one window, which takes seconds: it proves that the rest could be measured.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { connectOver } from "../dist/providers/cometchat/connect.js";
import { createTransport } from "../dist/providers/http/client.js";
import { startEmulator } from "./bench/emulator.mjs";
import { toTable } from "./bench/text.mjs";

const cli = join(dirname(fileURLToPath(import.meta.url)), "..", "dist", "cli", "main.js");
const usedMin = 0.97;
const refusedMax = 0.01;
const concurrency = 16;

/** `change` comes with the nth call; what is refused then is looked at from the next window on. */
const isSmoke = process.argv.includes("--smoke");
const measured = [
  { name: "a quota of 600 a minute", calls: 1_200 },
  { name: "600, halved with call 401", calls: 1_000, change: { nth: 401, quota: 300 } },
  { name: "600, doubled with call 201", calls: 2_400, change: { nth: 201, quota: 1_200 } },
];

const runs = isSmoke ? [{ name: "a part of one window", calls: 60 }] : measured;

const results = await Promise.all(runs.map(measure));
const rows = results.flatMap(({ run, windows }) => windows.map((window) => toRow(run, window)));
console.log(toTable([["run", "window", "allowed", "sent", "429", "used", ""], ...rows]));
for (const { run, seconds } of results) {
  console.log(`${run.name}: ${run.calls} calls in ${seconds.toFixed(1)} s`);
}
const missed = results.flatMap(findMissed);
console.log(missed.length === 0 ? "Every number is met." : missed.join("\n"));
process.exitCode = missed.length === 0 ? 0 : 1;

async function measure(run) {
  const emulator = await startEmulator(cli, ["--memory", "--quota", "600", "--latency", "20"]);
  let session;
  try {
    if (run.change !== undefined) await changeQuota(emulator, run.change);
    const seen = [];
    session = await connect(emulator, seen);
    const startMs = performance.now();
    await Promise.all(
      Array.from({ length: run.calls }, (_, i) => {
        const body = { uid: `u${i}`, name: "U" };
        const call = { method: "POST", host: "chat", path: "/users", body, quota: "core" };
        return session.writer.send(call, [`user/u${i}`]);
      }),
    );
    const seconds = (performance.now() - startMs) / 1_000;
    return { run, windows: toWindows(seen), seconds };
  } finally {
    session?.close();
    await emulator.stop();
  }
}

/** A session that keeps what each call of the measured class was answered. */
function connect({ variables }, seen) {
  const transport = createTransport({ concurrency });
  return connectOver(
    {
      appId: "emulator",
      region: "us",
      baseUrl: variables.COMETCHAT_BASE_URL,
      apiKey: variables.COMETCHAT_API_KEY,
      dialect: "vendor",
      concurrency,
      quotaShare: 1,
      managed: new Set(),
    },
    {
      transport: async (request) => {
        const sentMs = performance.now();
        const reply = await transport.send(request);
        const limit = Number(reply.headers["x-ratelimit-limit"]);
        const used = limit - Number(reply.headers["x-ratelimit-remaining"]);
        const answer = { sentMs, endedMs: performance.now(), status: reply.status, limit, used };
        seen.push(answer);
        return reply;
      },
      close: transport.close,
    },
  );
}

async function changeQuota({ variables }, { nth, quota }) {
  const url = new URL("/_emulator/faults", variables.COMETCHAT_BASE_URL);
  const rule = { method: "POST", path: "/v3/users", nth, fault: "quota", core: quota };
  const body = JSON.stringify({ rules: [rule] });
  const headers = { "content-type": "application/json" };
  const reply = await fetch(url, { method: "POST", headers, body });
  if (!reply.ok)
    throw new Error(`The quota cannot be changed: ${reply.status} ${await reply.text()}`);
}

/** The service's windows, each from its first call on. */
function toWindows(seen) {
  const starts = seen
    .filter(({ used, status }) => used === 1 && status === 200)
    .map(({ sentMs }) => sentMs)
    .sort((a, b) => a - b);
  return starts.map((startMs, index) => {
    const endMs = starts[index + 1] ?? Number.POSITIVE_INFINITY;
    const own = seen.filter(({ endedMs }) => endedMs >= startMs && endedMs < endMs);
    const limits = own.toSorted((a, b) => a.endedMs - b.endedMs).map(({ limit }) => limit);
    return {
      number: index + 1,
      allowed: limits.at(-1),
      isMixed: new Set(limits).size > 1,
      taken: own.filter(({ status }) => status === 200).length,
      refused: own.filter(({ status }) => status === 429).length,
    };
  });
}

function toRow(run, { number, allowed, isMixed, taken, refused }) {
  const share = `${((100 * taken) / allowed).toFixed(1)} %`;
  const note = isMixed ? "the quota changed" : "";
  return [run.name, number, allowed, taken + refused, refused, share, note].map(String);
}

/** The first window of a quota may be spent on learning it; from then on everything counts. */
function findMissed({ run, windows }) {
  const later = windows.slice(1);
  const counted = run.change === undefined ? windows : later;
  const refused = counted.reduce((sum, window) => sum + window.refused, 0);
  const sent = counted.reduce((sum, window) => sum + window.refused + window.taken, 0);
  return [
    ...(later.length === 0 && !isSmoke ? [`${run.name}: there was no second window`] : []),
    ...later
      .filter(({ taken, allowed }) => taken < usedMin * allowed)
      .map(
        ({ number }) => `${run.name}: window ${number} was used to less than ${usedMin * 100} %`,
      ),
    ...(refused >= refusedMax * sent
      ? [`${run.name}: ${refused} of ${sent} calls were refused`]
      : []),
  ];
}

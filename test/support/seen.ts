import type { CliResult } from "./cli.ts";
import type { Reply } from "./proxy.ts";

/** What a command line shows, without the plan, and with what differs from run to run left out. */
export function seen({ exit, stdout, stderr }: CliResult): string {
  const report = stdout.slice(Math.max(0, stdout.search(/^(?:✓|REFUSED)/m)));
  return `exit ${exit}\n${stderr}${report}`
    .replaceAll(/127\.0\.0\.1:\d+/g, "HOST")
    .replaceAll(/\b[0-9a-f]{64}\b/g, "DIGEST")
    .replaceAll(/in (?:[\d.]+ m?s)(?=,)/g, "in TIME")
    .replaceAll(/ +$/gm, "");
}

/** A refusal as the service words it. */
export function refusal(status: number, code: string, message: string): Reply {
  const body = JSON.stringify({ error: { code, message } });
  return { status, headers: { "content-type": "application/json" }, body };
}

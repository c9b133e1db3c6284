import { wrap } from "../render/layout.ts";
import type { CommandSpec } from "./command.ts";
import { type ExitCode, exitCodes, exitMeanings } from "./exit.ts";

/** A meaning that has less room than this is hard to read. */
const meaningMin = 24;

const environment: readonly (readonly [name: string, meaning: string])[] = [
  ["COMETCHAT_APP_ID", "the app"],
  ["COMETCHAT_REGION", "us, eu or in"],
  ["COMETCHAT_API_KEY", "a REST API key of the app with full access"],
  ["COMETCHAT_MANAGEMENT_KEY", "with the next one, for webhooks: the key"],
  ["COMETCHAT_MANAGEMENT_SECRET", "and the secret of the management API"],
  ["COMETCHAT_BASE_URL", "instead of https://APP.api-REGION.cometchat.io/v3"],
  ["COMETCHAT_MANAGEMENT_URL", "instead of https://apimgmt.cometchat.io"],
  ["HTTPS_PROXY, NO_PROXY", "the proxy, and the hosts that are reached without it"],
  ["NODE_EXTRA_CA_CERTS", "a file of certificate authorities to trust besides the usual ones"],
  ["NO_COLOR, CI", "no colours; FORCE_COLOR for colours"],
  ["COMETFORM_DEBUG", "1 shows the stack of an unexpected failure"],
];

/** What stands below the flags in a command's help: examples and exit codes. */
export function commandHelp({ examples, exits }: CommandSpec, width: number): string {
  return `\nExamples:\n${table(examples, width)}\n\nExit codes:\n${exitTable(exits, width)}`;
}

/** What stands below the commands in the main help: a beginning, exit codes, environment. */
export function mainHelp(width: number): string {
  const beginning: readonly (readonly [string, string])[] = [
    ["cometform plan --emulator FILE", "try it without an account"],
    ["cometform export --out cometform.yaml", "begin with an app that exists"],
    ["cometform plan", "what would change"],
    ["cometform apply", "change it"],
  ];
  const end =
    "Every command takes --quiet, --verbose and --no-color; cometform COMMAND --help tells more.";
  return [
    `\nExamples:\n${table(beginning, width)}`,
    `\nExit codes:\n${exitTable(Object.values(exitCodes), width)}`,
    "\nEnvironment (flags win over it; a manifest that names another app is refused):",
    table(environment, width),
    `\n${wrap(end, width).join("\n")}`,
  ].join("\n");
}

function exitTable(codes: readonly ExitCode[], width: number): string {
  return table(
    codes.map((code) => [String(code), exitMeanings[code]] as const),
    width,
  );
}

/** Two columns; where they would be too wide, the meaning stands below. */
function table(rows: readonly (readonly [string, string])[], width: number): string {
  const column = Math.max(...rows.map(([left]) => left.length)) + 4;
  const room = width - column;
  const isBelow = room < meaningMin;
  return rows
    .flatMap(([left, right]) => {
      const lines = wrap(right, isBelow ? width - 6 : room);
      return isBelow
        ? [`  ${left}`, ...lines.map((line) => `      ${line}`)]
        : lines.map((line, index) => (index === 0 ? `  ${left}` : "").padEnd(column) + line);
    })
    .join("\n");
}

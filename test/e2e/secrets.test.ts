import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { run as call } from "../../src/cli/program.ts";
import {
  buildCli,
  type CliResult,
  hasTerminals,
  openWorkshop,
  runAtTerminal,
  runCli,
  type ServedApp,
  serveApp,
  type Workshop,
} from "../support/cli.ts";
import { openFakeTerminal } from "../support/terminal.ts";

/** What opens the app; no two canaries share a piece, and each reads differently in every form. */
const keys = {
  apiKey: "Kw8zPq+Lr2/vXn=Jd5",
  wrongKey: "Wg4hTy+Bm9/sCf=Uk3",
  managementKey: "Mq7jRn+Hx1/dZb=Ov6",
  managementSecret: "Sf9cGt+Ye5/pQw=Ik2",
  urlUser: "urlUserXb3nHk7q",
  urlPassword: "urlPassTm6vJw9z",
} as const;

/** What the manifest declares. */
const declared = {
  vaultPassword: 'Vd3"kLs\\8 hNüw&q%Zr=5Tj',
  denPassword: 'Dn6"rXc\\2 bFök&y%Gm=8Pv',
  atticPassword: 'Ac1"wZt\\7 jQäh&f%Ld=4Ns',
  hookPassword: "HkT5mRz8QwXb2Vn7",
  rolePrivate: 'Rp4"gYn\\6 tBßv&c%Jq=9Kx',
  userPrivate: 'Up8"fHd\\3 zMøl&w%Rt=1Cb',
  groupPrivate: 'Gp2"xJk\\9 nSåq&v%Wf=7Hz',
  literalPrivate: "LpQz8vTn4Kw2Jx6Rm",
} as const;

const canaries = { ...keys, ...declared };

/** A secret in every form in which it could get out, pieces of it included. */
function formsOf(secret: string): string[] {
  const pieces = Array.from({ length: secret.length - 7 }, (_, i) => secret.slice(i, i + 8));
  const bytes = Buffer.from(secret);
  return [
    ...pieces,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
    bytes.toString("hex"),
  ];
}

const forms = Object.entries(canaries).flatMap(([name, secret]) =>
  formsOf(secret).map((form) => ({ name, form })),
);

function expectSilence(where: string, text: string): void {
  const found = forms.filter(({ form }) => text.includes(form));
  expect({ where, found: [...new Set(found.map(({ name }) => name))] }).toEqual({
    where,
    found: [],
  });
}

test("a canary is found in whatever form it gets out", () => {
  for (const secret of Object.values(canaries)) {
    for (const text of [secret.slice(3, 12), ...formsOf(secret)]) {
      expect(() => expectSilence("here", `…${text}…`)).toThrow();
    }
  }
});

type Answering = "passes" | "forbids" | "refuses" | "is a proxy";

/** Stands in front of the app, takes the canary keys, and repeats all it was sent in its errors. */
interface Front {
  readonly url: string;
  answering: Answering;
  readonly urls: string[];
  readonly bodies: string[];
  close(): Promise<void>;
}

async function openFront(app: ServedApp): Promise<Front> {
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    front.urls.push(request.url ?? "");
    front.bodies.push(body);
    const { status, text } = await answer(app, front.answering, request, body);
    const type = text.startsWith("<") ? "text/html" : "application/json";
    response.writeHead(status, { "content-type": type }).end(text);
  });
  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  const front: Front = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answering: "passes",
    urls: [],
    bodies: [],
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  return front;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function answer(
  app: ServedApp,
  answering: Answering,
  { method = "GET", url = "/", headers, rawHeaders }: IncomingMessage,
  body: string,
): Promise<Answer> {
  const heard = `${JSON.stringify(headers)} ${rawHeaders.join(" ")} ${body}`;
  const refuse = (status: number, code: string): Answer => {
    const error = { code, message: `not with ${heard}`, details: { sent: [heard] } };
    return { status, text: JSON.stringify({ error }) };
  };
  if (!isKnown(url, headers)) return refuse(401, "AUTH_ERR_APIKEY_NOT_FOUND");
  if (answering === "is a proxy") return { status: 200, text: `<html>${heard}</html>` };
  if (answering === "forbids") return refuse(403, "ERR_FORBIDDEN");
  if (answering === "refuses" && method !== "GET") return refuse(400, "ERR_BAD_REQUEST");
  const reply = await fetch(new URL(url, app.managementUrl), {
    method,
    headers: {
      "content-type": "application/json",
      "x-webhook-version": "2",
      apikey: "emulator-key",
      key: "emulator-key",
      secret: "emulator-secret",
    },
    ...(body === "" ? {} : { body }),
  });
  return { status: reply.status, text: await reply.text() };
}

function isKnown(url: string, headers: IncomingMessage["headers"]): boolean {
  return url.startsWith("/apps/")
    ? headers["key"] === canaries.managementKey && headers["secret"] === canaries.managementSecret
    : headers["apikey"] === canaries.apiKey;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}

const quoted = (text: string): string => JSON.stringify(text);

const manifest = [
  "version: 1",
  "stack: acme",
  "roles:",
  "  vip:",
  "    name: VIP",
  `    metadata: { level: 1, '@private': { key: ${quoted(canaries.rolePrivate)} } }`,
  "users:",
  "  alice:",
  "    name: Alice",
  "    role: vip",
  "    metadata:",
  "      seat: 4",
  "      '@private':",
  "        pin: ${USER_PRIVATE}",
  `        note: ${canaries.literalPrivate}`,
  "groups:",
  "  vault: { name: Vault, type: password, password: '${VAULT_PASSWORD}' }",
  "  den: { name: Den, type: password, password: '${DEN_PASSWORD}' }",
  "  attic:",
  "    name: Attic",
  "    type: password",
  "    password: ${ATTIC_PASSWORD}",
  `    metadata: { floor: 3, '@private': { key: ${quoted(canaries.groupPrivate)} } }`,
  "webhooks:",
  "  audit:",
  "    url: https://hooks.example/audit",
  "    triggers: [message_sent]",
  "    basicAuth: { username: bot, password: '${HOOK_PASSWORD}' }",
  "",
].join("\n");

let app: ServedApp;
let front: Front;
let workshop: Workshop;
/** Files that people wrote, secrets and all. */
let written: Set<string>;

beforeAll(buildCli, 120_000);

beforeEach(async () => {
  app = await serveApp();
  front = await openFront(app);
  workshop = openWorkshop();
  written = new Set();
  put("cometform.yaml", manifest);
  put("values.env", `DEN_PASSWORD=${canaries.denPassword}\n`);
});

afterEach(async () => {
  expectSilence("the emulator's log", JSON.stringify(await app.send("GET", "/_emulator/log")));
  expectSilence("what the service was asked for", front.urls.join("\n"));
  for (const file of filesIn(workshop.folder)) {
    expectSilence(file, readFileSync(file, "utf8"));
  }
  await front.close();
  await app.close();
  workshop.dispose();
});

function put(name: string, text: string | Uint8Array): void {
  const path = join(workshop.folder, name);
  written.add(path);
  writeFileSync(path, text);
}

/** What the tool has left behind, the emulator's own app apart. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && !written.has(path))
    .filter((path) => !path.endsWith(join(".cometform", "emulator.json")));
}

type Environment = { readonly [name: string]: string };

function environment(): Environment {
  return {
    COMETCHAT_APP_ID: "emulator",
    COMETCHAT_REGION: "us",
    COMETCHAT_BASE_URL: `${front.url}/v3`,
    COMETCHAT_MANAGEMENT_URL: front.url,
    COMETCHAT_API_KEY: canaries.apiKey,
    COMETCHAT_MANAGEMENT_KEY: canaries.managementKey,
    COMETCHAT_MANAGEMENT_SECRET: canaries.managementSecret,
    VAULT_PASSWORD: canaries.vaultPassword,
    HOOK_PASSWORD: canaries.hookPassword,
    USER_PRIVATE: canaries.userPrivate,
    COMETFORM_DEBUG: "1",
  };
}

const values = ["--var", `ATTIC_PASSWORD=${canaries.atticPassword}`, "--var-file", "values.env"];

/** Runs a command line and holds what it says against every canary. */
async function run(args: readonly string[], env: Environment = {}): Promise<CliResult> {
  const result = await runCli(args, {
    cwd: workshop.folder,
    env: { ...environment(), ...env },
  });
  const line = args.map((word) => (word.includes("=") ? `${word.split("=")[0]}=…` : word));
  expectSilence(`stdout of ${line.join(" ")}`, result.stdout);
  expectSilence(`stderr of ${line.join(" ")}`, result.stderr);
  return result;
}

async function expectExit(exit: number, args: readonly string[], env?: Environment) {
  const result = await run(args, env);
  const { stderr } = result;
  expect({ args, exit: result.exit, stderr }).toEqual({ args, exit, stderr });
  return result;
}

const names = [
  "group/vault#password",
  "group/den#password",
  "group/attic#password",
  "group/attic#metadata.@private",
  "role/vip#metadata.@private",
  "user/alice#metadata.@private",
  "webhook/audit#basicAuth.password",
];
const again = names.flatMap((name) => ["--write-secret", name]);

/** Everything that a run writes down besides its journal. */
const kept = ["--receipt", "receipt.json", "--events", "events.ndjson"];

/** Every form in which a plan is written for others. */
const reviews = ["--markdown", "plan.md", "--html", "plan.html", "--json-file", "whole.json"];

/** All that was written down of the last run is there, and can be shown; what is in it is seen to at the end. */
async function expectRecords(content: string): Promise<void> {
  const journals = filesIn(workshop.folder).filter((path) => path.includes("journal"));
  const last = journals.sort().at(-1) ?? "";
  for (const file of [join(workshop.folder, "receipt.json"), last]) {
    expect(readFileSync(file, "utf8")).toContain(content);
    await expectExit(0, ["show", "--verbose", file]);
    await expectExit(0, ["show", "--json", file]);
  }
  expect(readFileSync(join(workshop.folder, "events.ndjson"), "utf8")).toContain('"type":"end"');
}

describe("no secret is in any output, saved plan, report, log or file", () => {
  test("of a manifest that is validated, planned, applied, shown, exported and taken down", async () => {
    await expectExit(0, ["validate", ...values]);
    await expectExit(0, ["validate", "--json", "--verbose", ...values]);
    await expectExit(0, ["plan", ...values]);
    await expectExit(0, ["plan", "--json", ...values]);
    await expectExit(0, ["plan", "--verbose", "--out", "plan.json", ...reviews, ...values]);
    for (const file of ["plan.json", "whole.json"]) {
      const plan = readFileSync(join(workshop.folder, file), "utf8");
      for (const name of names) expect(plan).toContain(quoted(name));
    }
    await expectExit(0, ["show", "--verbose", "plan.json"]);
    await expectExit(0, ["show", "--json", "plan.json"]);
    const { stdout } = await expectExit(0, ["apply", "--yes", "--json", "plan.json", ...values]);
    writeFileSync(join(workshop.folder, "report.json"), stdout);
    await expectExit(0, ["show", "--verbose", "report.json"]);
    await expectExit(0, ["apply", "--yes", "--verbose", ...again, ...values]);
    await expectExit(0, ["apply", "--yes", "--json", "--verbose", ...again, ...values]);
    await expectExit(0, ["export"]);
    await expectExit(0, ["export", "--out", "exported.yaml"]);
    await expectExit(0, ["destroy", "--yes", "--verbose", ...values]);
    await expectExit(0, ["apply", "--yes", "--verbose", ...kept, ...values]);
    await expectRecords("group/vault");
    await expectExit(0, ["destroy", "--yes", "--json", ...values]);
    for (const name of ["plan.json", "plan.md", "plan.html", "whole.json", "exported.yaml"]) {
      expect(statSync(join(workshop.folder, name)).mode & 0o777).toBe(0o600);
    }
  });

  test("and the app has got every one of them", async () => {
    await expectExit(0, ["apply", "--yes", "--quiet", ...values]);
    const state = JSON.stringify(await app.send("GET", "/_emulator/state"));
    expectSilence("the state that the emulator shows", state);
    await expectExit(0, ["apply", "--yes", ...again, ...values]);
    const sent = front.bodies.join("\n");
    for (const secret of Object.values(declared)) expect(sent).toContain(quoted(secret));
  });

  test.skipIf(!hasTerminals)(
    "of the questions that are asked, and the calls that are shown",
    async () => {
      const env = environment();
      const { folder } = workshop;
      const asked = await runAtTerminal(
        ["apply", "--verbose", ...again, ...values],
        ["show calls\n", "no\n"],
        {
          cwd: folder,
          env,
        },
      );
      expect(asked.stdout).toContain("Nothing was changed.");
      expect(asked.stdout).toContain("***");
      expectSilence("the screen", asked.stdout);
    },
  );

  test("of an emulator that runs inside the command, its own data apart", async () => {
    await expectExit(0, ["apply", "--emulator", "--yes", "--verbose", ...values]);
    await expectExit(0, ["apply", "--emulator", "--yes", "--json", ...again, ...values]);
    const data = join(workshop.folder, ".cometform", "emulator.json");
    expect(statSync(data).mode & 0o777).toBe(0o600);
    await expectExit(0, ["export", "--emulator"]);
    await expectExit(0, ["destroy", "--emulator", "--yes", ...values]);
  });

  test("of calls that fail: a wrong key, a service that refuses and repeats what it was sent", async () => {
    await expectExit(6, ["plan", ...values], { COMETCHAT_API_KEY: canaries.wrongKey });
    await expectExit(6, ["plan", "--json", ...values], {
      COMETCHAT_MANAGEMENT_KEY: canaries.wrongKey,
    });
    for (const answering of ["forbids", "is a proxy"] as const) {
      front.answering = answering;
      for (const command of ["plan", "export"]) {
        const more = command === "plan" ? ["--json", ...values] : [];
        await expectExit(6, [command, ...more]);
        await expectExit(6, [command, "--verbose", ...(command === "plan" ? values : [])]);
        await expectExit(6, [command, "--dialect", "vendor", ...more]);
      }
    }
    front.answering = "refuses";
    const { stdout } = await expectExit(5, ["apply", "--yes", "--verbose", ...kept, ...values]);
    expect(stdout).toContain("ERR_BAD_REQUEST");
    await expectExit(5, ["apply", "--resume", ...kept, ...values]);
    await expectRecords("ERR_BAD_REQUEST");
    const json = await expectExit(5, ["apply", "--yes", "--json", ...values]);
    writeFileSync(join(workshop.folder, "report.json"), json.stdout);
    await expectExit(0, ["show", "--verbose", "report.json"]);
  });

  test("of hosts that are not there, and addresses with a login in them", async () => {
    const login = `${canaries.urlUser}:${canaries.urlPassword}`;
    const url = `http://${login}@127.0.0.1:9/v3`;
    await expectExit(6, ["plan", ...values], { COMETCHAT_BASE_URL: url });
    await expectExit(6, ["plan", "--json", ...values], { COMETCHAT_MANAGEMENT_URL: url });
    await expectExit(64, ["plan", "--base-url", url, ...values]);
    await expectExit(64, ["plan", `--base-url=https://${login}@host.example/v3`, ...values]);
    await expectExit(6, ["plan", ...values], { COMETCHAT_API_KEY: `${canaries.apiKey}\nx` });
    await expectExit(6, ["plan", ...values], { COMETCHAT_BASE_URL: "http://127.0.0.1:9/v3" });
  });

  test("of command lines that are wrong", async () => {
    const secret = canaries.atticPassword;
    await expectExit(64, ["plan", "--var", secret]);
    await expectExit(64, ["plan", "--var", `ATTIC-PASSWORD=${secret}`]);
    await expectExit(3, ["plan", "--var-file", "missing.env", "--var", `ATTIC_PASSWORD=${secret}`]);
    await expectExit(64, ["apply", ...values]);
    await expectExit(64, ["plan", "--write-secret", "group/nobody#password", ...values]);
    await expectExit(64, ["plan", "--only", "nothing", "--take-over", "user/x", ...values]);
    await expectExit(64, ["plan", "--nonsense", ...values]);
  });

  test.each<[string, string | Uint8Array]>([
    ["a line that is no value", `DEN_PASSWORD ${canaries.denPassword}\n`],
    ["a map with a list in it", `DEN_PASSWORD: ["${canaries.hookPassword}"]\n`],
    ["broken YAML", `DEN_PASSWORD: {"${canaries.hookPassword}\n`],
    ["a name that is none", `DEN PASSWORD=${canaries.denPassword}\n`],
    ["a tab", `DEN_PASSWORD: x\n\t${canaries.hookPassword}: y\n`],
    ["bytes that are no text", Buffer.from(`DEN_PASSWORD=${canaries.hookPassword}\xff`, "latin1")],
  ])("of a broken file of values: %s", async (_, text) => {
    put("values.env", text);
    await expectExit(3, ["plan", ...values]);
    await expectExit(3, ["validate", "--json", ...values]);
  });
});

describe("no secret is in what is said about a broken manifest", () => {
  const secret = canaries.hookPassword;
  const pin = canaries.literalPrivate;
  const private_ = canaries.userPrivate;
  const vault = (line: string) =>
    `version: 1\ngroups:\n  vault:\n    name: Vault\n    type: password\n${line}\n`;
  const alice = (lines: string) =>
    `version: 1\nusers:\n  alice:\n    name: Alice\n    metadata:\n${lines}\n`;
  const hook = (lines: string) =>
    `version: 1\nwebhooks:\n  audit:\n    url: https://a.example/\n    triggers: [message_sent]\n${lines}\n`;

  test.each<[string, string]>([
    ["a literal password", vault(`    password: ${secret}`)],
    ["a literal in quotes", vault(`    password: "${secret}"`)],
    ["a literal with something around", vault(`    password: x-${secret}-\${VAULT_PASSWORD}`)],
    ["a default", vault(`    password: \${VAULT_PASSWORD:-${secret}}`)],
    ["a variable without an end", vault(`    password: "\${VAULT_PASSWORD${secret}"`)],
    ["a list", vault(`    password: [${secret}]`)],
    ["a map", vault(`    password: { is: ${secret} }`)],
    ["a block of text", vault(`    password: |\n      ${secret}\n      more`)],
    ["a folded text", vault(`    password: >-\n      ${secret}\n      more`)],
    ["a second one", vault(`    password: \${VAULT_PASSWORD}\n    password: ${secret}`)],
    ["a misspelt name", vault(`    pasword: ${secret}`)],
    ["another misspelt name", vault(`    passwrod: ${secret}`)],
    ["a name in capitals", vault(`    PASSWORD: ${secret}`)],
    ["a tag", vault(`    password: !!binary ${secret}`)],
    ["a tab before it", vault(`\tpassword: ${secret}`)],
    ["a tab behind it", vault(`    password: ${secret}\n\ttype: x`)],
    ["a missing colon", vault(`    password ${secret}`)],
    ["a missing blank", vault(`    password:${secret}`)],
    ["wrong indentation", vault(`      password: ${secret}`)],
    ["wrong indentation behind it", vault(`    password: ${secret}\n   icon: x`)],
    ["a quote without an end", vault(`    password: "${secret}`)],
    ["an apostrophe without an end", vault(`    password: '${secret}\n    icon: x`)],
    ["two values", vault(`    password: ${secret}: ${secret}`)],
    ["a flow map without an end", `version: 1\ngroups: { vault: { name: V, password: ${secret}\n`],
    ["a misspelt neighbour", vault(`    password: ${secret}\n    nmae: Vault`)],
    [
      "a misspelt neighbour in one line",
      `version: 1\ngroups: { v: { name: V, password: ${secret}, nmae: x } }\n`,
    ],
    ["a comment before the error", vault(`    # password: ${secret}\n    nmae: Vault`)],
    ["a control character", vault(`    password: ${secret}\u0007`)],
    ["an anchor", vault(`    password: &secret ${secret}\n    icon: *secret`)],
    ["an alias that is unknown", vault(`    password: *${secret}`)],
    [
      "a private value that is no map",
      alice(`      '@private': ${pin}\n      nmae: { }\n    nmae: x`),
    ],
    ["a private value beside an error", alice(`      '@private': { pin: ${pin}, pin: ${pin} }`)],
    ["a private list", alice(`      '@private': [${pin}]\n    avatar: ${pin.length}`)],
    ["a misspelt @private", alice(`      '@privat': { pin: ${pin} }\n    nmae: x`)],
    ["private values in lines", alice(`      '@private':\n        pin: ${pin}\n\t  seat: 4`)],
    [
      "private values with an escape",
      alice(`      '@private': { pin: ${quoted(private_)}\n    nmae: x`),
    ],
    ["too much private metadata", alice(`      '@private': { pin: ${pin.repeat(400)} }`)],
    ["a login that is a text", hook(`    basicAuth: ${secret}`)],
    ["a login in one text", hook(`    basicAuth: bot:${secret}`)],
    ["a login with a literal", hook(`    basicAuth: { username: bot, password: ${secret} }`)],
    ["a login with a stranger", hook(`    basicAuth: { username: bot, pass: ${secret} }`)],
    ["a login without an end", hook(`    basicAuth: { username: bot, password: ${secret}`)],
    [
      "a password that breaks the rule",
      hook("    basicAuth: { username: bot, password: '${VAULT_PASSWORD}' }"),
    ],
    ...[
      "*",
      "&",
      "!",
      "@",
      "%",
      "`",
      "|",
      ">",
      "?",
      "-",
      "#",
      "{",
      "[",
      "'",
      '"',
      ",",
      "]",
      "}",
    ].map((sign): [string, string] => [
      `a password that begins with ${sign}`,
      `${vault(`    password: ${sign}${secret}`)}    nmae: x\n`,
    ]),
    ["a document too many", `${vault(`    password: ${secret}`)}---\npassword: ${secret}\n`],
    ["JSON that is broken", `{ "version": 1, "groups": { "v": { "password": "${secret}", } }`],
  ])("%s", async (_, text) => {
    put("broken.yaml", text);
    for (const line of ["validate", "validate --json", "apply --yes --verbose"]) {
      const { folder: cwd } = workshop;
      const terminal = openFakeTerminal({ cwd, environment: environment() });
      const exit = await call([...line.split(" "), "broken.yaml"], terminal, "1.2.3");
      const said = terminal.output() + terminal.notes();
      expect({ line, exit, said }).toEqual({ line, exit: 3, said });
      expectSilence(line, said);
    }
  });
});

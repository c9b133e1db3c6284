import { expect, test } from "vitest";
import { commands } from "../../../src/cli/commands.ts";
import { run } from "../../../src/cli/program.ts";
import { openFakeTerminal } from "../../support/terminal.ts";

interface Result {
  readonly exit: number;
  readonly output: string;
  readonly notes: string;
}

const call = (...args: readonly string[]): Promise<Result> => callAt(100, ...args);

async function callAt(width: number, ...args: readonly string[]): Promise<Result> {
  const terminal = openFakeTerminal({ width });
  const exit = await run(args, terminal, "1.2.3");
  return { exit, output: terminal.output(), notes: terminal.notes() };
}

test("the main help has every command, how to begin, the exit codes and the environment", async () => {
  const { exit, output, notes } = await call("--help");
  expect({ exit, notes }).toEqual({ exit: 0, notes: "" });
  expect(output).toMatchInlineSnapshot(`
    "Usage: cometform COMMAND [FLAGS] [FILE...]

    Makes a CometChat app what a manifest says it is: roles, users, groups, members and webhooks.

    Options:
      -V, --version                        print the version
      -h, --help                           print help

    Commands:
      init [FLAGS] [FILE]                  begin a manifest, of your own or of what an app has
      validate [FLAGS] [FILE...]           check manifests, without a network
      plan [FLAGS] [FILE...]               show what apply would do
      drift [FLAGS] [FILE...]              tell what has changed in the app since the last apply
      apply [FLAGS] [FILE... | PLAN.json]  make the app as the manifest says
      destroy [FLAGS] [FILE...]            delete what the stack owns, declared or not
      export [FLAGS]                       write a manifest of what the app has
      show [FLAGS] <FILE>                  show a saved plan, report, receipt or journal
      graph [FLAGS] [FILE... | PLAN.json]  draw which calls of a plan wait for which
      fmt [FLAGS] [FILE...]                write manifests in canonical form
      explain [FLAGS] [NAME]               explain a kind, an attribute, or the code of a message
      schema [FLAGS] [NAME]                print the JSON Schema of a manifest, a plan, ...
      emulate [FLAGS]                      run an emulator of the API
      completion [FLAGS] <SHELL>           print what bash, zsh or fish complete commands by
      help [command]                       print help for a command

    Examples:
      cometform plan --emulator FILE         try it without an account
      cometform export --out cometform.yaml  begin with an app that exists
      cometform plan                         what would change
      cometform apply                        change it

    Exit codes:
      0    done, or nothing to do
      1    unexpected failure: a bug, or the machine
      2    changes are pending (plan --detailed-exitcode, fmt --check), or there is drift (drift)
      3    the manifest is invalid
      4    the plan is refused, or the manifest by a policy
      5    apply did not finish or did not converge; the report says what was done
      6    the app could not be reached or read, or refused the credentials
      7    the plan is stale or not the expected one, or it or the manifest is for another app
      64   wrong usage
      130  interrupted

    Environment (flags win over it; a manifest that names another app is refused):
      COMETCHAT_APP_ID             the app
      COMETCHAT_REGION             us, eu or in
      COMETCHAT_API_KEY            a REST API key of the app with full access
      COMETCHAT_MANAGEMENT_KEY     with the next one, for webhooks: the key
      COMETCHAT_MANAGEMENT_SECRET  and the secret of the management API
      COMETCHAT_BASE_URL           instead of https://APP.api-REGION.cometchat.io/v3
      COMETCHAT_MANAGEMENT_URL     instead of https://apimgmt.cometchat.io
      HTTPS_PROXY, NO_PROXY        the proxy, and the hosts that are reached without it
      NODE_EXTRA_CA_CERTS          a file of certificate authorities to trust besides the usual ones
      NO_COLOR, CI                 no colours; FORCE_COLOR for colours
      COMETFORM_DEBUG              1 shows the stack of an unexpected failure

    Every command takes --quiet, --verbose and --no-color; cometform COMMAND --help tells more.
    "
  `);
});

test("the help of apply is complete", async () => {
  expect((await call("apply", "--help")).output).toMatchInlineSnapshot(`
    "Usage: cometform apply [FLAGS] [FILE... | PLAN.json]

    Plans, or takes a saved plan, shows it, asks, executes it and reads the app again to verify. A saved
    plan is applied exactly as it was shown, or not at all: it is stale as soon as one of the objects it
    touches has changed, and flags cannot change it. Where it sends write-only values, the manifest it
    was made from is read again for them (-f names it, if it has moved).

    Arguments:
      FILE                       manifests; a folder means all its *.yaml and *.yml, - is standard input
                                 (default: cometform.yaml, then cometform.yml), or one saved plan

    Options:
      --json                     one JSON document on standard output, messages on standard error
      -y, --yes                  do not ask; needed where no terminal is attached
      --resume                   finish the last run here that was cut short, exactly as it was approved
      --receipt <FILE>           write down every call, what came of it, and what was found afterwards
      --events <FILE>            tell what happens, one JSON document a line, to a file or a pipe
      --lock-timeout <DURATION>  how long to wait for another apply on this machine (default: not at
                                 all)
      --expect-digest <HEX>      apply only the plan with this digest, all 64 digits of it
      --markdown <FILE>          write the plan as a comment for a pull request
      --html <FILE>              write the plan as a page for a browser
      --json-file <FILE>         write the plan as JSON, also if it is refused
      --max-duration <DURATION>  refuse a plan that takes longer at best: 90s, 10m, 1h30m
      --policy <FILE>            refuse what this policy forbids: JSON Schemas over the plan and the
                                 manifest; may be repeated
      --only <SELECTOR>          nothing but this and what it needs: user/alice, group/team-*, webhooks;
                                 may be repeated
      --except <SELECTOR>        neither this nor what needs it; may be repeated
      --prune <SECTION=MODE>     which undeclared ones go, instead of policy.prune: none, owned or all;
                                 may be repeated
      --allow <BUDGET=N>         lift one budget up to N: delete:user=120, update:user=50,
                                 remove:group/GUID=12; may be repeated
      --take-over <ADDRESS>      make ours what the manifest declares and another stack has marked; may
                                 be repeated
      --write-secret <NAME>      send a write-only value again: ADDRESS#attribute; may be repeated
      --bulk <MODE>              auto: creates go out 50 to a call where that saves calls or time; off:
                                 one call for each
      --read <WAY>               auto: each kind with the fewest calls; list: whole listings; point: by
                                 name, where that is enough
      -f, --file <FILE>          a manifest, like the FILE argument; may be repeated
      --var <NAME=VALUE>         a value for \${NAME} in the manifest; may be repeated
      --var-file <FILE>          a YAML file of such values; may be repeated
      --env <NAME>               the environment whose overlays are laid over the manifest
      --app-id <ID>              the app (else COMETCHAT_APP_ID)
      --region <REGION>          us, eu or in (else COMETCHAT_REGION)
      --base-url <URL>           instead of the app's own host, version path included (else
                                 COMETCHAT_BASE_URL)
      --dialect <DIALECT>        auto, vendor or collection: which form of the API the app speaks
      --emulator                 run against an emulator of the API: no account needed
      --emulator-data <FILE>     where the emulator keeps its app (default: .cometform/emulator.json)
      --faults <FILE>            what the emulator gets wrong on purpose: a JSON file of rules
      --concurrency <N>          calls in flight at most (default: 16)
      --timeout <DURATION>       how long one call may take, like 30s or 2m
      --quota-share <PERCENT>    how much of each quota is ours; the rest is left to the app's end users
                                 (default: 80)
      --quota <CLASS=N>          calls a minute that the app's plan allows:
                                 core=10000,standard=20000,import=60, or some of them; the service may
                                 say less
      -q, --quiet                only what must be decided on, and errors
      -v, --verbose              with the calls, and what is left alone
      --no-color                 no colours, even on a terminal
      -h, --help                 print help

    Examples:
      cometform apply                                      plan, ask, execute, verify
      cometform apply --yes plan.json                      execute a saved plan without asking
      cometform apply --yes --expect-digest HEX            only the plan that was seen
      cometform apply --resume                             finish a run that was cut short
      cometform apply --events /dev/fd/3 3>log.ndjson      what happens, for a program
      cometform apply --only users --except 'user/test-*'  a part of it
      cometform apply --allow remove:group/lobby=12        where 12 are meant to leave a group
      cometform apply --emulator FILE                      try it without an account

    Exit codes:
      0    done, or nothing to do
      1    unexpected failure: a bug, or the machine
      3    the manifest is invalid
      4    the plan is refused, or the manifest by a policy
      5    apply did not finish or did not converge; the report says what was done
      6    the app could not be reached or read, or refused the credentials
      7    the plan is stale or not the expected one, or it or the manifest is for another app
      64   wrong usage
      130  interrupted
    "
  `);
});

test.each(commands)("the help of $name has its flags, examples and exit codes", async (spec) => {
  const { exit, output } = await call(spec.name, "--help");
  expect(exit).toBe(0);
  for (const { flags, description } of spec.flags) {
    expect(output).toContain(flags);
    expect(output.replaceAll(/\s+/g, " ")).toContain(description);
  }
  for (const [example, purpose] of spec.examples) {
    expect(output).toContain(example);
    expect(output.replaceAll(/\s+/g, " ")).toContain(purpose);
  }
  for (const code of spec.exits) {
    expect(output).toMatch(new RegExp(`^  ${code} +\\S`, "m"));
  }
  expect((await call("help", spec.name)).output).toBe(output);
});

test.each(["cometform", ...commands.map(({ name }) => name)])(
  "no line of the help of %s is wider than the screen",
  async (name) => {
    const args = name === "cometform" ? ["--help"] : [name, "--help"];
    const { output } = await callAt(80, ...args);
    expect(output.split("\n").filter((line) => line.length > 80)).toEqual([]);
  },
);

test("the version is told with other flags too", async () => {
  expect(await call("--version", "--help")).toMatchObject({ exit: 0, output: "1.2.3\n" });
});

const quotas = "It must be build, default, a number of calls a minute, or core=N";

test.each([
  [["plam"], "cli/unknown-command", "Unknown command 'plam'", "Did you mean plan?"],
  [["help", "plam"], "cli/unknown-command", "Unknown command 'plam'", "Did you mean plan?"],
  [["plan", "--jsn"], "cli/unknown-flag", "Unknown option '--jsn'", "Did you mean --json?"],
  [["--nope"], "cli/unknown-flag", "Unknown option '--nope'", "cometform --help tells"],
  [["emulate", "--port", "x"], "cli/bad-value", "It must be a whole number from 0 to 65535."],
  [["emulate", "--port", "65536"], "cli/bad-value", "It must be a whole number from 0 to 65535."],
  [["emulate", "--quota", "0"], "cli/bad-value", quotas],
  [["emulate", "--data", "f", "--memory"], "cli/conflicting-flags", "cannot be used with option"],
  [["emulate", "--dialect", "auto"], "cli/bad-value", "It must be one of: vendor, collection."],
  [["emulate", "FILE"], "cli/extra-argument", "Too many arguments for 'emulate'"],
  [["plan", "--region", "a. b"], "cli/bad-value", "argument 'a. b' is invalid"],
  [["plan", "--region", "de"], "cli/bad-value", "It must be one of: us, eu, in."],
  [["plan", "--app-id", "a/b"], "cli/bad-value", "An app id has only letters, digits, _ and -."],
  [["plan", "--concurrency", "0"], "cli/bad-value", "It must be a whole number from 1 to 256."],
  [["plan", "--timeout", "30"], "cli/bad-value", "It must be a time from 1s to 10m"],
  [["plan", "--timeout", "11m"], "cli/bad-value", "It must be a time from 1s to 10m"],
  [["plan", "--var", "1=2"], "cli/bad-value", "is not of the form NAME=VALUE"],
  [["plan", "--base-url", "http://example.com"], "cli/bad-value", "It must begin with https://"],
  [["plan", "--quiet", "--verbose"], "cli/conflicting-flags", "cannot be used with option"],
  [["plan", "--emulator-data", "f"], "cli/dependent-flag", "has no meaning without '--emulator'"],
  [["plan", "--faults", "f"], "cli/dependent-flag", "has no meaning without '--emulator'"],
  [["init", "--region", "us", "-"], "cli/dependent-flag", "no meaning without '--from-app'"],
  [["init", "--quota", "core=9", "-"], "cli/dependent-flag", "no meaning without '--from-app'"],
  [["plan", "--env", "a", "--env", "b"], "cli/bad-value", "There is one environment at a time"],
  [["plan", "--out"], "cli/bad-value", "argument missing"],
  [["show"], "cli/missing-argument", "Missing required argument 'FILE'"],
  [["show", "a", "b"], "cli/extra-argument", "Too many arguments for 'show'"],
  [["export", "--json"], "cli/unknown-flag", "Unknown option '--json'"],
  [["apply", "--force"], "cli/unknown-flag", "There is no --force: what a budget refuses"],
])("the command line %j is refused as wrong usage by %s", async (args, code, ...texts) => {
  const { exit, output, notes } = await call(...args);
  expect({ exit, output }).toEqual({ exit: 64, output: "" });
  expect(notes.split("\n")[0]).toMatch(new RegExp(` {2}${code}$`));
  const more = `\nMore about it: cometform explain ${code}\n`;
  expect(notes.includes(more)).toBe(!args.includes("--quiet"));
  for (const text of texts) expect(notes).toContain(text);
});

test("a command line without a command shows what there is", async () => {
  const { exit, output, notes } = await call();
  expect({ exit, output }).toEqual({ exit: 64, output: "" });
  expect(notes).toContain("Usage: cometform");
});

test.each([
  [["plan", "--json", "--nope"], "cli/unknown-flag"],
  [["show", "--json"], "cli/missing-argument"],
  [["plan", "--region", "de", "--json"], "cli/bad-value"],
  [["plan", "--json", "--var", "1=2"], "cli/bad-value"],
  [["plam", "--json"], "cli/unknown-command"],
])("wrong usage is one JSON document for %j", async (args, code) => {
  const { exit, output } = await call(...args);
  expect(exit).toBe(64);
  expect(JSON.parse(output)).toEqual({
    formatVersion: 1,
    diagnostics: [expect.objectContaining({ severity: "error", code })],
  });
});

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type ActionOptions, type ActionResult, runTheAction } from "../../support/action.ts";
import { type FakeGithub, type ListedPull, serveGithub } from "../../support/github.ts";
import { useWorkshop } from "../../support/workshop.ts";

// The first run loads the command line, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const manifest = "version: 1\nstack: acme\nusers: { ann: { name: Ann }, bob: { name: Bob } }\n";
const merged: ListedPull = {
  number: 7,
  merged_at: "2025-01-01T00:00:00Z",
  merge_commit_sha: "3333333333333333333333333333333333333333",
  base: { ref: "main" },
};
const fork = { pull_request: { head: { repo: { full_name: "mallory/chat" } } } };
const unreachable = { COMETCHAT_BASE_URL: "http://127.0.0.1:9/v3" };

const workshop = useWorkshop({ "cometform.yaml": manifest });
let github: FakeGithub;

beforeEach(async () => {
  github = await serveGithub();
});

afterEach(() => github.close());

const write = (text: string): void => writeFileSync(join(workshop.folder, "cometform.yaml"), text);

function act(options: Partial<ActionOptions> = {}): Promise<ActionResult> {
  return runTheAction({ folder: workshop.folder, github, event: "pull_request", ...options });
}

const applying = (options: Partial<ActionOptions> = {}): Promise<ActionResult> =>
  act({ event: "push", ...options, inputs: { mode: "apply", ...options.inputs } });

const bodies = (): readonly string[] => github.comments.map(({ body }) => body);

describe("a pull request", () => {
  test("gets one comment with its plan, and the next plan takes its place", async () => {
    const first = await act();
    expect(first.exit).toBe(0);
    expect(first.outputs).toMatchObject({ changes: "2", "has-changes": "true", "exit-code": "0" });
    const digest = first.outputs["digest"] ?? "";
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(bodies()).toHaveLength(1);
    expect(bodies()[0]?.split("\n")[0]).toMatch(
      new RegExp(`^<!-- cometform:plan [0-9a-f]{16} digest=${digest} commit=1{40} -->$`),
    );
    expect(bodies()[0]).toContain("user/bob");
    expect(first.log).toContain("+ user/ann");
    expect(first.summary).toContain("user/ann");
    expect(readFileSync(first.outputs["html"] ?? "", "utf8")).toContain("user/bob");
    expect(JSON.parse(readFileSync(first.outputs["plan"] ?? "", "utf8")).digest).toBe(digest);

    write(manifest.replace("Bob", "Robert").replace("ann: { name: Ann }, ", ""));
    const second = await act();
    expect(second.outputs).toMatchObject({ changes: "1" });
    expect(bodies()).toHaveLength(1);
    expect(bodies()[0]).toContain(`digest=${second.outputs["digest"]} `);
    expect(bodies()[0]).not.toContain("user/ann");
  });

  test("that is too much for a comment is in the summary as a whole", async () => {
    const users = Array.from(
      { length: 3_000 },
      (_, index) => `  user-${index}: { name: Ann ${index} }`,
    );
    write(`version: 1\nstack: acme\nusers:\n${users.join("\n")}\n`);
    const { summary } = await act();
    expect(bodies()[0]).not.toContain("user/user-2999");
    expect(summary).toContain("+ user/user-2999");
  });

  test("keeps a comment for each environment, app and set of files", async () => {
    await act();
    await act({ env: { COMETCHAT_APP_ID: "emulator" } });
    await act({ inputs: { files: "cometform.yaml\n" } });
    await act({ inputs: { "working-directory": "./" } });
    expect(bodies()).toHaveLength(4);
  });

  test("keeps its comment among more than a hundred, and takes away a second one", async () => {
    await act();
    const [own] = github.comments.splice(0);
    const chatter = Array.from({ length: 120 }, (_, index) => ({
      ...{ id: index, number: 7, body: "what a plan!", state: "open", labels: [] },
      user: { login: "ravi" },
    }));
    if (own === undefined) throw new Error("there is a comment");
    github.comments.push(...chatter, own, { ...own, id: 5000 });
    await act();
    expect(github.comments.filter(({ user }) => user.login !== "ravi")).toEqual([own]);
  });

  test("keeps what others wrote under the same marker as it is", async () => {
    github.login = "mallory";
    await act({ inputs: { "comment-author": "mallory" } });
    const theirs = bodies()[0];
    write(manifest.replace("Bob", "Robert"));
    github.login = "github-actions[bot]";
    await act();
    expect(bodies()).toHaveLength(2);
    expect(bodies()[0]).toBe(theirs);
  });

  test("is told by whom the comment was written, where it would not be found again", async () => {
    github.login = "acme-robot[bot]";
    const { exit, log } = await act();
    expect(exit).toBe(0);
    expect(log).toContain("Set comment-author: acme-robot[bot]");
  });

  test("says at its lines what is wrong with the manifest, and in the comment", async () => {
    await act();
    write("version: 1\nusers: { ann: { nam: Ann } }\n");
    const { exit, log, outputs } = await act();
    expect(exit).toBe(3);
    expect(outputs).toEqual({ "exit-code": "3" });
    expect(log).toMatch(
      /^::error file=cometform.yaml,line=2,col=\d+,endColumn=\d+,title=manifest\/unknown-attribute::/m,
    );
    expect(bodies()).toHaveLength(1);
    expect(bodies()[0]).toContain("The manifest is invalid");
    expect(bodies()[0]).not.toContain("digest=");
  });

  test("is warned of each deletion, and fails where the plan is refused", async () => {
    await applying({ inputs: { "require-review": "false" } });
    const policy = "policy: { budgets: { delete: { users: 0 } } }";
    write(`version: 1\nstack: acme\n${policy}\nusers: { ann: { name: Ann } }\n`);
    const { exit, log } = await act();
    expect(exit).toBe(4);
    expect(log).toContain("::warning title=deactivates user/bob::Apply deactivates user/bob;");
    expect(log).toMatch(
      /^::error file=cometform.yaml,line=3,col=\d+,endColumn=\d+,title=policy\/budget::/m,
    );
    expect(bodies()[0]?.split("\n")[0]).not.toContain("digest=");
  });

  test("has annotations where they are seen from the repository's root", async () => {
    mkdirSync(join(workshop.folder, "deploy"));
    writeFileSync(join(workshop.folder, "deploy", "a.yaml"), "version: 1\nuser: {}\n");
    const inputs = { files: "./a.yaml", "working-directory": "deploy" };
    expect((await act({ inputs })).log).toContain("::error file=deploy/a.yaml,line=2,col=1,");
  });

  test("of a fork is validated without keys, and nothing is commented", async () => {
    const { exit, commands, summary } = await act({ payload: fork, inputs: { args: "" } });
    expect(exit).toBe(0);
    expect(commands).toEqual(["validate --json"]);
    expect(summary).toContain("GitHub keeps the secrets from pull requests of forks");
    expect(github.requests).toEqual([]);
    write("version: 1\nusers: { ann: { nam: Ann } }\n");
    expect((await act({ payload: fork, inputs: { args: "" } })).exit).toBe(3);
  });

  test("of a fork is not failed for secrets that it is not given", async () => {
    write(
      "version: 1\ngroups: { lobby: { name: Lobby, type: password, password: '${LOBBY_PASSWORD}' } }\n",
    );
    const { exit, log } = await act({ payload: fork, inputs: { args: "" } });
    expect(exit).toBe(0);
    expect(log).not.toContain("::error");
  });

  test("of a fork that has keys is planned, and its plan is in the summary", async () => {
    github.trouble = () => ({ status: 403, message: "Resource not accessible by integration" });
    const { exit, log, summary } = await act({ payload: fork });
    expect(exit).toBe(0);
    expect(summary).toContain("user/ann");
    expect(log).toContain("::notice title=The plan is in the summary of this job::");
  });

  test("never runs with the keys of pull_request_target", async () => {
    const { exit, commands, log } = await act({ event: "pull_request_target" });
    expect(exit).toBe(64);
    expect(commands).toEqual([]);
    expect(log).toContain("cometform does not run on pull_request_target");
  });
});

describe("GitHub in trouble", () => {
  test("fails the check where the comment may not be written, saying which permission is missing", async () => {
    for (const status of [401, 403, 404, 422]) {
      github.trouble = () => ({ status, message: "Nope" });
      const { exit, log, outputs, waits } = await act();
      expect(exit).toBe(1);
      expect(outputs["digest"]).toMatch(/^[0-9a-f]{64}$/);
      expect(log).toContain(`GitHub answered ${status}`);
      expect(log).toContain("GitHub says: Nope");
      expect(waits).toEqual([]);
    }
    expect(bodies()).toEqual([]);
  });

  test("is waited for, and a comment whose answer was lost is not written twice", async () => {
    const troubles = [{ status: 502, isDone: true }, { status: 503 }];
    github.trouble = (method) => (method === "POST" ? troubles.shift() : undefined);
    const { exit, waits } = await act();
    expect(exit).toBe(0);
    expect(waits).toEqual([1_000]);
    expect(bodies()).toHaveLength(1);
  });

  test("is waited for as long as it asks, and given up when it asks for too long", async () => {
    const troubles = [{ status: 403, retryAfter: 7 }];
    github.trouble = () => troubles.shift();
    expect(await act()).toMatchObject({ exit: 0, waits: [7_000] });
    github.trouble = () => ({ status: 429, retryAfter: 3_600 });
    expect(await act()).toMatchObject({ exit: 1, waits: [] });
  });

  test("is given up after four attempts", async () => {
    github.trouble = () => ({ status: 500 });
    expect(await act()).toMatchObject({ exit: 1, waits: [1_000, 4_000, 10_000] });
  });
});

describe("a merge", () => {
  test("applies the plan that was reviewed, and finds nothing to do when it is run again", async () => {
    const { outputs: reviewed } = await act();
    github.pulls.push(merged);
    const { exit, outputs, summary, commands } = await applying();
    expect(exit).toBe(0);
    expect(commands[0]).toContain(`apply --json --yes --expect-digest=${reviewed["digest"]} `);
    expect(outputs).toMatchObject({ changes: "2", "has-changes": "true" });
    expect(outputs["receipt"]).toMatch(/receipt\.json$/);
    expect(summary).toContain("2 applied by");
    const again = await applying();
    expect(again.exit).toBe(0);
    expect(again.log).toContain("nothing to do");
  });

  test("that brings another plan than was reviewed applies nothing, and shows what it would be", async () => {
    await act();
    github.pulls.push(merged);
    write(manifest.replace("Bob", "Robert"));
    const { exit, log, outputs, summary } = await applying();
    expect(exit).toBe(7);
    expect(log).toContain("this is not the plan that was reviewed");
    expect(log).toContain(`run this workflow with digest ${outputs["digest"]}`);
    expect(summary).toContain("user/bob");
    const named = await applying({ inputs: { digest: outputs["digest"] ?? "" } });
    expect(named.exit).toBe(0);
  });

  test("without a reviewed plan applies nothing", async () => {
    expect((await applying()).log).toContain("came by no pull request");
    github.pulls.push({ ...merged, merged_at: null }, { ...merged, base: { ref: "next" } });
    expect((await applying()).log).toContain("came by no pull request");
    github.pulls.push(merged);
    expect((await applying()).log).toContain("#7 has no plan of these files");
    github.login = "mallory";
    await act({ inputs: { "comment-author": "mallory" } });
    expect((await applying()).log).toContain("#7 has no plan of these files");
    github.login = "github-actions[bot]";
    await act({ env: unreachable, inputs: { args: "" } });
    const { exit, commands, log } = await applying();
    expect(log).toContain("was refused or failed");
    expect(exit).toBe(7);
    expect(commands).toEqual([]);
  });

  test("as an event of the pull request applies its plan, and a close without a merge does not", async () => {
    await act();
    const closed = { action: "closed" };
    const dropped = await act({ payload: closed, inputs: { mode: "apply" } });
    expect(dropped).toMatchObject({ exit: 0, commands: [] });
    const payload = { ...closed, pull_request: { merged: true } };
    const { exit, summary } = await act({ payload, inputs: { mode: "apply" } });
    expect(exit).toBe(0);
    expect(summary).toContain("2 applied");
  });
});

describe("a schedule", () => {
  const drifted = async () => ({
    exit: 2,
    stdout: "The app has drifted:\n1 change\n\n  ~ user/ann\n",
  });
  const steady = async () => ({ exit: 0, stdout: "No drift\n" });
  const looking = (options: Partial<ActionOptions>): Promise<ActionResult> =>
    act({ event: "schedule", ...options, inputs: { mode: "drift", ...options.inputs } });

  test("fails on drift with its verdict, and says where there is none", async () => {
    const found = await looking({ tool: drifted, inputs: { receipt: "receipt.json", args: "" } });
    expect(found.exit).toBe(2);
    expect(found.commands).toEqual(["drift --receipt=receipt.json"]);
    expect(found.log).toContain("drifted::The app has drifted: 1 change\n");
    expect(found.outputs).toEqual({ "has-changes": "true", "exit-code": "2" });
    expect(found.summary).toContain("~ user/ann");
    expect((await looking({ tool: steady })).exit).toBe(0);
    expect(github.requests).toEqual([]);
  });

  test("leaves out what only plans are asked, so that all modes can have the same inputs", async () => {
    const args =
      "--emulator\n--max-duration 10m\n--allow=delete:user=3\n--read list\n--bulk always";
    const inputs = { args, policy: "names.json", env: "staging" };
    const { commands } = await looking({ tool: steady, inputs });
    expect(commands).toEqual(["drift --env=staging --emulator --read list"]);
    const real = await looking({ inputs: { args, policy: "names.json" } });
    expect(real.log).not.toContain("unknown option");
  });

  test("finds what somebody changed in the app since the apply", async () => {
    await applying({ inputs: { "require-review": "false" } });
    expect((await looking({})).exit).toBe(0);
    const file = join(workshop.folder, ".cometform", "emulator.json");
    writeFileSync(file, readFileSync(file, "utf8").replaceAll('"Bob"', '"Rob"'));
    const { exit, summary } = await looking({});
    expect(exit).toBe(2);
    expect(summary).toContain("user/bob");
  });

  test("has a summary that GitHub takes, however much there is to tell", async () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => `  ~ user/u${index} \`\`\`\``);
    const tool = async () => ({ exit: 2, stdout: `Drift\n\n${lines.join("\n")}\n` });
    const { summary } = await looking({ tool });
    expect(summary.length).toBeLessThan(62_000);
    expect(summary).toMatch(/\n… and \d+ more lines, which are in the log\n`{5}\n$/);
  });

  test("keeps one issue while there is drift, and closes it after", async () => {
    const inputs = { issue: "true", env: "staging" };
    await looking({ tool: drifted, inputs });
    await looking({ tool: drifted, inputs });
    expect(github.issues.map(({ state, labels }) => ({ state, labels }))).toEqual([
      { state: "open", labels: ["cometform-drift"] },
    ]);
    await looking({ tool: steady, inputs });
    expect(github.issues.map(({ state }) => state)).toEqual(["closed"]);
    await looking({ tool: drifted, inputs });
    expect(github.issues.map(({ state }) => state)).toEqual(["closed", "open"]);
  });

  test("that cannot tell leaves the issue as it is", async () => {
    const inputs = { issue: "true" };
    const { exit } = await looking({ tool: async () => ({ exit: 6, stdout: "" }), inputs });
    expect(exit).toBe(6);
    expect(github.requests).toEqual([]);
  });
});

describe("inputs", () => {
  test("that cannot be meant stop it before anything is run", async () => {
    const wrong: readonly { readonly [name: string]: string }[] = [
      { mode: "destroy" },
      { args: "--yes" },
      { args: "--html plan.html" },
      { args: "rm -rf" },
      { files: "--yes" },
      { digest: "abc" },
      { env: "a b" },
      { comment: "yes" },
      { version: "1; id" },
    ];
    for (const inputs of wrong) {
      const { exit, log, commands } = await act({ inputs });
      expect(exit).toBe(64);
      expect(log).toMatch(/^::error title=The input [a-z]+ cannot be /);
      expect(commands).toEqual([]);
    }
  });

  test("become words of one command line, each as it is written", async () => {
    const seen: string[] = [];
    const tool = async (args: readonly string[]) => {
      seen.push(...args);
      return { exit: 64, stdout: "" };
    };
    const inputs = {
      args: "--only user/$(id)\n--var=NAME=a b; c\n",
      files: "a.yaml\n\n b.yaml \n",
      policy: "p.json",
      env: "staging",
    };
    await act({ tool, inputs });
    expect(seen.slice(3)).toEqual([
      ...["--env=staging", "--policy=p.json", "--only", "user/$(id)", "--var=NAME=a b; c"],
      ...["a.yaml", "b.yaml"],
    ]);
  });
});

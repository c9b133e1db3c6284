import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { setStage } from "../support/stage.ts";

const small = "version: 1\nstack: acme\nusers: { alice: { name: Alice }, bob: { name: Bob } }\n";

const stage = setStage("each");

const { run, put } = stage;

describe("manifests", () => {
  test("come from standard input, from folders, from several files and with variables", async () => {
    mkdirSync(join(stage.folder, "deploy"));
    put("deploy/a.yaml", "version: 1\nusers: { alice: { name: '${FIRST}' } }\n");
    put("deploy/b.yml", "users: { bob: { name: '${SECOND:-Bob}' } }\n");
    put("values.yaml", "FIRST: Alice\n");
    const counted = "valid: 2 users\n";
    const folder = await run(["validate", "deploy", "--var-file", "values.yaml"]);
    expect(folder).toEqual({
      exit: 0,
      stdout: `deploy/a.yaml and deploy/b.yml are ${counted}`,
      stderr: "",
    });
    const files = ["-f", "deploy/a.yaml", "--file", "deploy/b.yml", "--var", "FIRST=x"];
    expect((await run(["validate", ...files])).stdout).toContain(counted);
    expect(await run(["validate", "-"], { input: small })).toEqual({
      exit: 0,
      stdout: `standard input is ${counted}`,
      stderr: "",
    });
    expect((await run(["validate", "--quiet", "-"], { input: small })).stdout).toBe("");
    const json = await run(["validate", "--json", "-"], { input: small });
    expect(JSON.parse(json.stdout)).toEqual({
      formatVersion: 1,
      valid: true,
      diagnostics: [],
      counts: { user: 2 },
    });
  });

  test("of an app that exists are exported, and planning with them changes nothing", async () => {
    put("cometform.yaml", small);
    await run(["apply", "--yes"]);
    const exported = await run(["export", "--out", "exported.yaml"]);
    expect(exported).toEqual({ exit: 0, stdout: "", stderr: "Saved to exported.yaml.\n" });
    const text = readFileSync(join(stage.folder, "exported.yaml"), "utf8");
    expect(text).toMatch(/^# yaml-language-server: \$schema=.*\nversion: 1\n\s*stack: acme\n/);
    expect((await run(["export"])).stdout).toBe(text);
    expect(await run(["plan", "--detailed-exitcode", "exported.yaml"])).toMatchObject({ exit: 0 });
  });

  test("of an app whose webhooks cannot be read are exported without them, with a warning", async () => {
    const { COMETCHAT_MANAGEMENT_KEY: _, ...env } = stage.app.env;
    const { exit, stdout, stderr } = await run(["export"], { env });
    expect(exit).toBe(0);
    expect(stdout).not.toContain("webhooks:");
    expect(stderr).toContain("webhooks are left out");
    expect(stderr).toContain("COMETCHAT_MANAGEMENT_KEY");
  });
});

describe("the emulator", () => {
  test("runs inside a command, keeps its app between runs, and needs no account", async () => {
    put("cometform.yaml", small);
    const options = { env: {} };
    expect(await run(["plan", "--emulator", "--detailed-exitcode"], options)).toMatchObject({
      exit: 2,
    });
    expect(await run(["apply", "--emulator", "--yes"], options)).toMatchObject({ exit: 0 });
    const again = await run(["plan", "--emulator", "--detailed-exitcode"], options);
    expect(again).toMatchObject({ exit: 0, stderr: "" });
    expect(readFileSync(join(stage.folder, ".cometform/.gitignore"), "utf8")).toBe("*\n");
    const other = ["--emulator", "--emulator-data", "other.json", "--detailed-exitcode"];
    expect(await run(["plan", ...other], options)).toMatchObject({ exit: 2 });
    expect(await run(["destroy", "--emulator", "--yes"], options)).toMatchObject({ exit: 0 });
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "prints how to reach it and ends cleanly on %s",
    async (signal) => {
      let isUsed = false;
      const { exit, stdout, stderr } = await run(
        ["emulate", "--port", "0", "--memory", "--sample"],
        {
          env: {},
          onOutput: (text, kill) => {
            const url = /COMETCHAT_BASE_URL=(\S+)/.exec(text)?.[1];
            if (!isUsed && url !== undefined && text.includes("Ctrl-C")) {
              isUsed = true;
              void fetch(`${url}/users`, { headers: { apikey: "emulator-key" } })
                .then((response) => response.text())
                .then((body) => expect(body).toContain("cometchat-uid-1"))
                .finally(() => kill(signal));
            }
          },
        },
      );
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
      expect(stdout.replaceAll(/127\.0\.0\.1:\d+/g, "HOST")).toMatchInlineSnapshot(`
        "CometChat API emulator (vendor) on http://HOST/v3   management http://HOST
          key  emulator-key    data  in memory    quota  10,000 core / 20,000 standard / 60 import a minute
          try  export COMETCHAT_APP_ID=emulator COMETCHAT_REGION=us COMETCHAT_API_KEY=emulator-key \\
                      COMETCHAT_BASE_URL=http://HOST/v3 COMETCHAT_MANAGEMENT_URL=http://HOST \\
                      COMETCHAT_MANAGEMENT_KEY=emulator-key COMETCHAT_MANAGEMENT_SECRET=emulator-secret
               cometform plan --var STAFF_ROOM_PASSWORD=try-me examples/cometchat.yaml
          stop with Ctrl-C
        "
      `);
    },
  );

  test("a data file that is none stops the emulator, embedded or not, and stays as it is", async () => {
    writeFileSync(join(stage.folder, "notes.json"), "my notes");
    writeFileSync(join(stage.folder, "one.yaml"), "version: 1\nusers: {}\n");
    for (const args of [
      ["emulate", "--port", "0", "--data", "notes.json"],
      ["plan", "--emulator", "--emulator-data", "notes.json", "one.yaml"],
    ]) {
      const { exit, stderr } = await run(args);
      expect(exit).toBe(1);
      expect(stderr).toContain("notes.json is no JSON: move it away or name another data file.");
      expect(stderr).not.toContain("bug");
    }
    expect(readFileSync(join(stage.folder, "notes.json"), "utf8")).toBe("my notes");
  });

  test("says so when its port is taken", async () => {
    const port = new URL(stage.app.chatUrl).port;
    const { exit, stderr } = await run(["emulate", "--memory", "--port", port]);
    expect(exit).toBe(1);
    expect(stderr).toContain(`cannot start on 127.0.0.1:${port} (EADDRINUSE)`);
    expect(stderr).toContain("--port 0 picks a free port");
  });
});

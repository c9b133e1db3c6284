import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  type App,
  apply,
  connect,
  DIAGNOSTIC_CODES,
  type Emulator,
  exportManifest,
  InputError,
  type Json,
  type LoadedManifest,
  type LoadOptions,
  loadManifest,
  type Plan,
  type PlanOptions,
  ProviderError,
  plan,
  renderDiagnostics,
  renderHtml,
  renderMarkdown,
  renderPlan,
  renderReport,
  StalePlanError,
  startEmulator,
} from "../../../src/index.ts";

// The first connection loads the HTTP client, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let emulator: Emulator;
let app: App;

beforeEach(async () => {
  emulator = await startEmulator();
  app = await connect(emulator.app);
});

afterEach(async () => {
  app.close();
  await emulator.close();
});

type Users = { readonly [uid: string]: { readonly [name: string]: Json } };

function load(users: Users, rest: { readonly [name: string]: Json } = {}): LoadedManifest {
  return valid({ version: 1, stack: "acme", users, ...rest });
}

function valid(value: { readonly [name: string]: Json }, options?: LoadOptions): LoadedManifest {
  const loaded = loadManifest(value, options);
  if (!loaded.ok) throw new Error(renderDiagnostics(loaded.diagnostics));
  return loaded.value;
}

/** What a promise was rejected with. */
const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "nothing went wrong",
    (error: unknown) => error,
  );

const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  const error = await errorOf(promise);
  return error instanceof InputError ? error.code : String(error);
};

/** A plan as it comes back from a file. */
const copied = (made: Plan): Plan => JSON.parse(JSON.stringify(made));

describe("a manifest", () => {
  test("is a value or texts, and tells what it declares", () => {
    const text = "version: 1\nusers: { ann: { name: Ann } }\n";
    const loaded = loadManifest([{ file: "a.yaml", text }]);
    expect(loaded).toEqual({
      ok: true,
      value: { app: {}, counts: { user: 1 } },
      diagnostics: [],
    });
    const value = valid({
      version: 1,
      stack: "acme",
      provider: { name: "cometchat", appId: "acme", region: "eu" },
      users: { ann: { name: "Ann" } },
    });
    expect(value).toEqual({
      stack: "acme",
      app: { appId: "acme", region: "eu" },
      counts: { user: 1 },
    });
  });

  test("that is wrong comes back with its diagnostics, which can be shown with their lines", () => {
    const text = "version: 1\nusers: { ann: { nam: Ann } }\n";
    const loaded = loadManifest([{ file: "a.yaml", text }]);
    expect(loaded.ok).toBe(false);
    const shown = renderDiagnostics(loaded.diagnostics, { texts: { "a.yaml": text } });
    expect(shown).toContain("a.yaml:2:");
    expect(shown).toContain("users: { ann: { nam: Ann } }");
  });

  test("takes variables and tables from its caller, and from nowhere else", () => {
    const users = { version: 1, users: { $from: ["users.csv"] } };
    expect(valid(users, { tables: { "users.csv": "uid,name\nann,Ann\n" } }).counts).toEqual({
      user: 1,
    });
    const missing = loadManifest({ version: 1, users: { ann: { name: "${HOME}" } } });
    expect(missing.diagnostics.map(({ code }) => code)).toEqual(["manifest/unset-variable"]);
    const none = loadManifest(users);
    expect(none.diagnostics.map(({ summary }) => summary).join()).toContain("users.csv");
    const codes = [...missing.diagnostics, ...none.diagnostics].map(({ code }) => code);
    expect(codes.filter((code) => !DIAGNOSTIC_CODES.includes(code))).toEqual([]);
  });

  test("takes what it includes and its overlays by path, and one environment", () => {
    const text = "version: 1\ninclude: ../people/all.yaml\nroles: { vip: { name: VIP } }\n";
    const includes = {
      "deploy/../people/all.yaml": "users: { ann: { name: Ann } }\n",
      "deploy/a.staging.yaml": "users: { bob: { name: Bob } }\n",
      "deploy/b.staging.yaml": "users: { cid: { name: Cid } }\n",
    };
    const loadIt = (options: LoadOptions) =>
      loadManifest([{ file: "./deploy/a.yaml", text }], options);
    const countsOf = (options: LoadOptions) => {
      const loaded = loadIt(options);
      return loaded.ok ? loaded.value.counts : renderDiagnostics(loaded.diagnostics);
    };
    expect(countsOf({ includes })).toEqual({ role: 1, user: 1 });
    expect(countsOf({ includes, environment: "staging" })).toEqual({ role: 1, user: 2 });
    const codesOf = (options: LoadOptions) =>
      loadIt(options).diagnostics.map(({ code, hint }) => [code, hint]);
    expect(codesOf({})).toEqual([["manifest/unreadable-include", "put its text into includes"]]);
    expect(codesOf({ includes, environment: "stagin" })).toEqual([
      ["manifest/unknown-environment", 'did you mean "staging"? known: staging'],
    ]);
  });

  test("has its environments in itself as well", () => {
    const value = { version: 1, environments: { staging: { users: { ann: { name: "Ann" } } } } };
    expect(valid(value).counts).toEqual({});
    expect(valid(value, { environment: "staging" }).counts).toEqual({ user: 1 });
  });
});

describe("an argument that is none", () => {
  /** As a program without types gives it. */
  const untyped = (value: unknown) => value as never;

  test("is refused where it is given, with what to give instead", async () => {
    const manifest = load({});
    const made = await plan({ manifest, app });
    const calls: readonly (() => unknown)[] = [
      () => loadManifest(untyped(undefined)),
      () => loadManifest(untyped("version: 1")),
      () => loadManifest(untyped(["version: 1"])),
      () => loadManifest(untyped([{ file: "a" }])),
      () => loadManifest(untyped([{ text: "version: 1" }])),
      () => loadManifest({ version: 1 }, untyped(null)),
      () => connect(untyped(undefined)),
      () => plan(untyped(undefined)),
      () => apply(untyped(undefined), { manifest, app }),
      () => apply(untyped({}), { manifest, app }),
      () => apply(made, untyped(undefined)),
      () => renderPlan(untyped(undefined)),
      () => renderMarkdown(untyped({})),
      () => renderHtml(untyped(null)),
      () => renderReport(untyped(undefined)),
    ];
    for (const call of calls) {
      const error = await errorOf(Promise.resolve().then(call));
      expect([String(call), error]).toEqual([String(call), expect.any(InputError)]);
      expect(error).toMatchObject({
        code: "library/argument",
        hint: expect.stringMatching(/^Give/),
      });
    }
  });

  test("such as no manifest at all is not taken for one that declares nothing", () => {
    expect(loadManifest([])).toMatchObject({
      ok: false,
      diagnostics: [{ code: "manifest/empty" }],
    });
  });
});

describe("a plan", () => {
  test("is applied, the second one is empty, and an export plans empty as well", async () => {
    const board = { name: "Board", type: "password", password: "${PASSWORD}", owner: "ann" };
    const manifest = valid(
      { version: 1, stack: "acme", users: { ann: { name: "Ann" } }, groups: { board } },
      { variables: { PASSWORD: "correct horse" } },
    );
    const made = await plan({ manifest, app });
    expect(made.changes.map(({ address }) => address)).toEqual(["user/ann", "group/board"]);
    expect(JSON.stringify(made)).not.toContain("correct horse");
    const told: number[] = [];
    const report = await apply(made, { manifest, app, onProgress: ({ done }) => told.push(done) });
    expect(report).toMatchObject({ converged: true, summary: { applied: 2, failed: 0 } });
    expect(told).toEqual(made.steps.map((_, index) => index + 1));
    expect(renderReport(report, { plan: made })).toContain("2 applied");
    expect((await plan({ manifest, app })).changes).toEqual([]);
    const { text, diagnostics } = await exportManifest(app);
    expect(diagnostics).toEqual([]);
    const exported = loadManifest([{ file: "export.yaml", text }]);
    if (!exported.ok) throw new Error(text);
    expect((await plan({ manifest: exported.value, app })).changes).toEqual([]);
  });

  test("is limited, lifted and shown as it is at the command line", async () => {
    const manifest = load({ ann: { name: "Ann" }, bob: { name: "Bob" }, cid: { name: "Cid" } });
    const made = await plan({ manifest, app, only: ["user/b*"], bulk: "off" });
    expect(made.changes.map(({ address }) => address)).toEqual(["user/bob"]);
    expect(renderPlan(made, { width: 80 })).toContain("  + user/bob");
    const next = "node apply.mjs";
    const comment = renderMarkdown(made, { next });
    expect(comment.split("\n")[0]).toBe("<!-- cometform:plan acme -->");
    for (const text of [comment, renderHtml(made, { next })]) {
      expect([text.includes("bob"), text.includes(next), text.includes("ann")]).toEqual([
        ...[true, true, false],
      ]);
    }
  });

  test("is judged by the policies of the house, when it is made and when it is applied", async () => {
    const manifest = load({ ann: { name: "Ann" } });
    const text =
      "plan: { properties: { calls: { properties: { total: { maximum: 0, message: too much } } } } }";
    const frugal = [{ file: "frugal.yaml", text }];
    const named = [
      {
        file: "names.yaml",
        text: "manifest: { properties: { users: { propertyNames: { pattern: ^x, message: call her x } } } }",
      },
    ];
    for (const [policies, words] of [
      [frugal, "too much"],
      [named, "call her x"],
    ] as const) {
      const refused = await plan({ manifest, app, policies });
      expect([refused.applicable, refused.diagnostics.map(({ code }) => code)]).toEqual([
        ...[false, ["policy/violation"]],
      ]);
      expect(renderPlan(refused)).toContain(words);
      expect(await codeOf(apply(refused, { manifest, app }))).toBe("plan/refused");
      const made = copied(await plan({ manifest, app }));
      const error = await errorOf(apply(made, { manifest, app, policies }));
      expect(error).toMatchObject({ name: "InputError", code: "policy/violation" });
      expect(String(error)).toContain(words);
    }
    const broken = [{ file: "broken.yaml", text: "plan: {}" }];
    expect(await codeOf(plan({ manifest, app, policies: broken }))).toBe("policy/file");
    const allowed = await plan({
      manifest,
      app,
      policies: [{ file: "wide.yaml", text: text.replace("0", "9") }],
    });
    expect(await apply(allowed, { manifest, app, policies: [] })).toMatchObject({
      converged: true,
    });
  });

  test("whose options name nothing is not made", async () => {
    const manifest = load({ ann: { name: "Ann" } });
    const wrong: readonly PlanOptions[] = [
      { only: ["person/ann"] },
      { except: ["user/"] },
      { prune: { people: "all" } },
      { allow: [{ action: "delete", subject: "users", count: 3 }] },
      { allow: [{ action: "remove", subject: "lobby", count: 3 }] },
      { allow: [{ action: "delete", subject: "user", count: -1 }] },
      { takeOver: ["user/zoe"] },
      { writeSecrets: ["group/board#password"] },
    ];
    for (const options of wrong) {
      expect(await codeOf(plan({ manifest, app, ...options }))).toBe("library/option");
    }
  });

  test("that comes from a file is applied as long as the app is as it saw it", async () => {
    const manifest = load({ ann: { name: "Ann", link: "https://example.com/a" } });
    const made = await plan({ manifest, app });
    const other = load({ ann: { name: "Annie" } });
    await apply(await plan({ manifest: other, app }), { manifest: other, app });
    const error = await errorOf(apply(copied(made), { manifest, app }));
    expect(error).toBeInstanceOf(StalePlanError);
    expect((error as StalePlanError).addresses).toEqual(["user/ann"]);
    const again = copied(await plan({ manifest, app }));
    expect(await apply(again, { manifest, app })).toMatchObject({ converged: true });
  });

  test("that is refused, edited or another's is not applied", async () => {
    const manifest = load({ ann: { name: "Anna" } });
    const made = await plan({ manifest, app });
    const use = { manifest, app };
    await apply(made, use);
    const refused = load(
      { ann: { name: "Ann" } },
      { policy: { budgets: { update: { users: 0 } } } },
    );
    const over = await plan({ manifest: refused, app });
    expect(over.applicable).toBe(false);
    expect(await codeOf(apply(over, { ...use, manifest: refused }))).toBe("plan/refused");
    expect(await codeOf(apply({ ...made, steps: [] }, use))).toBe("plan/edited");
    const old = { ...made, tool: { ...made.tool, version: "0.0.1" } };
    expect(await codeOf(apply(old, use))).toBe("plan/other-version");
    expect(await codeOf(apply(made, { ...use, manifest: refused }))).toBe("plan/other-manifest");
    const elsewhere = await connect({ ...emulator.app, appId: "b" });
    expect(await codeOf(apply(made, { manifest, app: elsewhere }))).toBe("plan/other-app");
    elsewhere.close();
  });

  test("stops where its signal is aborted", async () => {
    const manifest = load({ dan: { name: "Dan" } });
    const made = await plan({ manifest, app });
    const report = await apply(made, { manifest, app, signal: AbortSignal.abort() });
    expect(report).toMatchObject({ interrupted: true, summary: { applied: 0, skipped: 1 } });
    const error = await errorOf(plan({ manifest, app, signal: AbortSignal.abort() }));
    expect(error).toBeInstanceOf(Error);
  });
});

describe("an app", () => {
  test("is the one that the manifest names", async () => {
    const named = valid({
      version: 1,
      provider: { name: "cometchat", appId: "acme", region: "eu" },
    });
    const { app: access } = emulator;
    expect(await codeOf(connect({ ...access, manifest: named }))).toBe("app/other-app");
    expect(await codeOf(plan({ manifest: named, app }))).toBe("app/other-app");
    expect(await codeOf(connect({ apiKey: "k" }))).toBe("app/configuration");
    expect(await codeOf(connect({ ...access, appId: "a.evil.example/" }))).toBe(
      "app/configuration",
    );
  });

  test("is reached with keys that can be sent, and over connections that nobody reads", async () => {
    expect(await codeOf(connect({ ...emulator.app, apiKey: "a\nb" }))).toBe("api/credentials");
    const plain = connect({ ...emulator.app, baseUrl: "http://chat.example/v3" });
    expect(await errorOf(plain)).toBeInstanceOf(ProviderError);
    const refused = await errorOf(connect({ ...emulator.app, apiKey: "wrong" }));
    expect(refused).toMatchObject({ name: "ProviderError", kind: "credentials", status: 401 });
  });

  test("without management credentials has no webhooks that a plan could take for absent", async () => {
    const { managementKey: _, managementSecret: __, ...access } = emulator.app;
    const half = await connect(access);
    const webhooks = { audit: { url: "https://example.com/hook" } };
    const error = await errorOf(plan({ manifest: load({}, { webhooks }), app: half }));
    half.close();
    expect(error).toMatchObject({ name: "ProviderError", kind: "configuration" });
  });

  test("and a manifest are taken from the library alone", async () => {
    const manifest = load({ ann: { name: "Ann" } });
    expect(await codeOf(plan({ manifest: { ...manifest }, app }))).toBe("library/manifest");
    expect(await codeOf(plan({ manifest, app: { ...app } }))).toBe("library/app");
  });
});

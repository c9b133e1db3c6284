import { describe, expect, test } from "vitest";
import { setMeddledStage } from "../support/meddled-stage.ts";
import type { Meddle, Reply } from "../support/proxy.ts";
import { refusal, seen } from "../support/seen.ts";

/*
 * What people read when something goes wrong, whole: what it is, why, and what to do next. Each text is
 * written as it ought to be; one that is changed is to be read as somebody would who meets it at night.
 */

const MANIFEST = `version: 1
stack: acme
users:
  ann: { name: Ann }
  bob: { name: Bob }
groups:
  den: { name: Den, owner: ann }
`;

const stage = setMeddledStage(MANIFEST);

/** Answers requests of one sort, and passes the others on. */
function only(method: string, path: RegExp, reply: Reply | "cut"): Meddle {
  return (request) => (request.method === method && path.test(request.path) ? reply : undefined);
}

const always = (reply: Reply): Meddle => only("GET", /./, reply);

describe("before anything is changed", () => {
  test("an app that is not there", async () => {
    await stage.leave();
    const result = await stage.run("plan", {
      env: { COMETCHAT_BASE_URL: "http://127.0.0.1:9/v3" },
    });
    expect(seen(result)).toMatchInlineSnapshot(`
      "exit 6
      Cannot read the app: GET /webhooks got no answer from HOST (ECONNREFUSED)  api/unreachable
         The host cannot be reached, or it fails.
         Check the network, COMETCHAT_APP_ID and COMETCHAT_REGION, or the base URL if
         you gave one; then run again.

      More about it: cometform explain api/unreachable
      "
    `);
  });

  test("credentials that are refused", async () => {
    const result = await stage.run("plan", { env: { COMETCHAT_API_KEY: "not-a-key" } });
    expect(seen(result)).toMatchInlineSnapshot(`
      "exit 6
      Cannot read the app: GET /webhooks answered 401 AUTH_ERR_APIKEY_NOT_FOUND  api/credentials
         The app does not accept the key in the environment, or the key may not do
         this.
         Dashboard → your app → API & Auth Keys → REST API Key (fullAccess).
         COMETCHAT_API_KEY must hold it, for this app and region.

      More about it: cometform explain api/credentials
      "
    `);
  });

  test("a host that answers with a page", async () => {
    const page = { "content-type": "text/html" };
    stage.meddle(always({ status: 200, headers: page, body: "<html>Sign in</html>" }));
    expect(seen(await stage.run("plan"))).toMatchInlineSnapshot(`
      "exit 6
      Cannot read the app: GET /webhooks answered 200 with HTML instead of JSON  api/unreadable
         This is not how the CometChat API answers; perhaps it is another host, or a
         proxy.
         Check --base-url or COMETCHAT_BASE_URL: it ends in the version, like
         https://APP.api-us.cometchat.io/v3.

      More about it: cometform explain api/unreadable
      "
    `);
  });

  test("a host that sends one elsewhere", async () => {
    stage.meddle(always({ status: 302, headers: { location: "https://elsewhere.example/" } }));
    expect(seen(await stage.run("plan"))).toMatchInlineSnapshot(`
      "exit 6
      Cannot read the app: GET /webhooks answered 302, a redirect to https://elsewhere.example  api/unreadable
         Redirects are not followed: the keys would go wherever a reply says.
         Check --base-url or COMETCHAT_BASE_URL (for webhooks
         COMETCHAT_MANAGEMENT_URL): it must be the API itself, with https:// and the
         version, like https://APP.api-us.cometchat.io/v3.

      More about it: cometform explain api/unreadable
      "
    `);
  });

  test("a quota that is used up for good", async () => {
    const reply = refusal(429, "ERR_TOO_MANY_REQUESTS", "Too many requests.");
    stage.meddle(always({ ...reply, headers: { ...reply.headers, "retry-after": "0" } }));
    expect(seen(await stage.run("plan"))).toMatchInlineSnapshot(`
      "exit 6
      Cannot read the app: GET /webhooks answered 429 ERR_TOO_MANY_REQUESTS  api/throttled
         Too many requests.
         The app's quota is used up; run again later, or with a lower --quota-share.

      More about it: cometform explain api/throttled
      "
    `);
  });

  test("a manifest that is invalid", async () => {
    stage.put("cometform.yaml", MANIFEST.replace("name: Bob", "nmae: Bob"));
    expect(seen(await stage.run("apply --yes"))).toMatchInlineSnapshot(`
      "exit 3
      cometform.yaml:5:10  unknown attribute "nmae"         manifest/unknown-attribute
          4 |   ann: { name: Ann }
          5 |   bob: { nmae: Bob }
            |          ^^^^  did you mean "name"?

      More about it: cometform explain manifest/unknown-attribute
      "
    `);
  });

  test("a plan that is refused", async () => {
    expect(await stage.run("apply --yes")).toMatchObject({ exit: 0 });
    stage.put(
      "cometform.yaml",
      "version: 1\nstack: acme\npolicy: { prune: { users: owned } }\nusers: {}\n",
    );
    const result = await stage.run("apply --yes");
    expect(seen(result)).toMatchInlineSnapshot(`
      "exit 4

      More about each: cometform explain CODE
      Nothing was applied.
      REFUSED  policy/budget: all 2 owned users would be deactivated
               A plan never takes the last of them unasked, whatever the budget.
               If this is meant: --allow delete:user=2
      REFUSED  reference/in-use: user/ann cannot be deleted: group/den still refers
               to it
               group/den stays as it is in this plan and would be left without
               user/ann.
               Change group/den first, or declare user/ann so that it is kept.
      "
    `);
  });

  test("a saved plan that is stale", async () => {
    expect(await stage.run("plan --quiet --out plan.json")).toMatchObject({ exit: 0 });
    await stage.app.send("POST", "/users", { uid: "bob", name: "Bobby" });
    expect(seen(await stage.run("apply --yes plan.json"))).toMatchInlineSnapshot(`
      "exit 7
      The app has changed since the plan was made; nothing was applied      plan/stale
         1 object that it touches is not as it saw it.
         Make a new plan and review it.

      user/bob  not as the plan saw it                               plan/stale-object

      More about each: cometform explain CODE
      "
    `);
  });

  test("a command line that nobody understands", async () => {
    expect(seen(await stage.run("apply --yse"))).toMatchInlineSnapshot(`
      "exit 64
      Unknown option '--yse'                                          cli/unknown-flag
         Did you mean --yes? cometform apply --help tells what there is.

      More about it: cometform explain cli/unknown-flag
      "
    `);
  });

  test("an apply that can ask nobody", async () => {
    expect(seen(await stage.run("apply"))).toMatchInlineSnapshot(`
      "exit 64
      apply asks before it changes anything, and there is no terminal to ask at  cli/consent
         Use --yes, best with a saved plan: cometform plan --out plan.json, then
         cometform apply --yes plan.json.

      More about it: cometform explain cli/consent
      "
    `);
  });
});

describe("while calls are sent", () => {
  test("a write that is refused, and what needs it", async () => {
    const reply = refusal(400, "ERR_BAD_REQUEST", "The name may not be Ann.");
    stage.meddle((request) =>
      request.body.includes('"ann"') && request.path === "/users" ? reply : undefined,
    );
    expect(seen(await stage.run("apply --yes --bulk off"))).toMatchInlineSnapshot(`
      "exit 5
      ✓ 1 applied in TIME, 2 calls, 0 throttled
      ✗ 1 failed
          user/ann  ERR_BAD_REQUEST  POST /users answered 400 ERR_BAD_REQUEST. The
                                     name may not be Ann (cometform.yaml:4)
              → The service does not take these values. Its message says which;
                correct them in the manifest, then run apply again.
      – 1 skipped
          group/den  NEED_NOT_MET  needs user/ann (cometform.yaml:7)
              → It follows by itself: mend what it needs, then run apply again.

      Read again: 2 objects still differ. Not converged.                        exit 5
          user/ann   to create: name
          group/den  to create: name, owner
      Mend what failed, then run apply again: what is done already is not done twice.
      "
    `);
  });

  test("a key that is revoked", async () => {
    stage.meddle(only("POST", /./, refusal(401, "AUTH_ERR_APIKEY_NOT_FOUND", "No such key.")));
    expect(seen(await stage.run("apply --yes --bulk off"))).toMatchInlineSnapshot(`
      "exit 5
      ✓ 0 applied in TIME, 2 calls, 0 throttled
      ✗ 2 failed
          user/ann  AUTH_ERR_APIKEY_NOT_FOUND  POST /users answered 401
                                               AUTH_ERR_APIKEY_NOT_FOUND. The app
                                               does not accept the key in the
                                               environment, or the key may not do
                                               this (cometform.yaml:4)
          user/bob  AUTH_ERR_APIKEY_NOT_FOUND  POST /users answered 401
                                               AUTH_ERR_APIKEY_NOT_FOUND. The app
                                               does not accept the key in the
                                               environment, or the key may not do
                                               this (cometform.yaml:5)
              → Dashboard → your app → API & Auth Keys → REST API Key (fullAccess).
                COMETCHAT_API_KEY must hold it, for this app and region.
      – 1 skipped
          group/den  NEED_NOT_MET  needs user/ann (cometform.yaml:7)
              → It follows by itself: mend what it needs, then run apply again.

      Read again: 3 objects still differ. Not converged.                        exit 5
          user/ann   to create: name
          user/bob   to create: name
          group/den  to create: name, owner
      Mend what failed, then run apply again: what is done already is not done twice.
      "
    `);
  });

  test("a write of which nobody knows what came of it", async () => {
    let isGone = false;
    stage.meddle(({ method, body }) => {
      if (method === "POST" && body.includes('"bob"')) {
        isGone = true;
        return "cut";
      }
      return isGone && method === "GET" ? refusal(403, "AUTH_ERR_NO_ACCESS", "No.") : undefined;
    });
    expect(seen(await stage.run("apply --yes --bulk off --concurrency 1"))).toMatchInlineSnapshot(`
      "exit 5
      ✓ 2 applied in TIME, 5 calls, 0 throttled
      ? 1 unknown: sent, but no answer says what came of it
          user/bob  ECONNRESET  POST /users got no answer from HOST
                                (ECONNRESET). The call was sent, so it may have been
                                carried out (cometform.yaml:5)
              → cometform apply --resume finds out what came of it and finishes; plan
                shows what is still missing.

      The app could not be read again, so nothing is known about convergence.   exit 5
          GET /groups/den answered 403 AUTH_ERR_NO_ACCESS
          Dashboard → your app → API & Auth Keys → REST API Key (fullAccess).
          COMETCHAT_API_KEY must hold it, for this app and region.
      Run plan: it shows what is still missing.
      "
    `);
  });

  test("a service that claims to have done what it has not", async () => {
    const claim = JSON.stringify({ data: { uid: "bob", name: "Bob" } });
    stage.meddle(({ method, path, body }) =>
      method === "POST" && path === "/users" && body.includes('"bob"')
        ? { status: 200, headers: { "content-type": "application/json" }, body: claim }
        : undefined,
    );
    expect(seen(await stage.run("apply --yes --bulk off"))).toMatchInlineSnapshot(`
      "exit 5
      ✓ 3 applied in TIME, 3 calls, 0 throttled

      Read again: 1 object still differs. Not converged.                        exit 5
          user/bob  to create: name
      The service took the calls, and the app does not show it: its lists lag behind,
      or somebody else has changed it since. Run plan in a minute: it shows what is
      still missing.
      "
    `);
  });

  test("an interruption", async () => {
    let kill: (() => void) | undefined;
    stage.meddle(async ({ method }) => {
      if (method !== "GET") {
        kill?.();
        await new Promise((done) => setTimeout(done, 500));
      }
      return undefined;
    });
    const result = await stage.run("apply --yes --bulk off --concurrency 1", {
      onOutput: (_, send) => {
        kill = () => send("SIGINT");
      },
    });
    expect(seen(result)).toMatchInlineSnapshot(`
      "exit 130

      Stopping: what is under way is finished, nothing new is sent. Again to stop at once.
      Interrupted.
      ✓ 1 applied in TIME, 1 call, 0 throttled
      – 2 skipped
          user/bob   INTERRUPTED  the run was interrupted before this call
                                  (cometform.yaml:5)
          group/den  INTERRUPTED  the run was interrupted before this call
                                  (cometform.yaml:7)
              → cometform apply --resume goes on with it.

      Interrupted: not read again, so nothing is known about convergence.     exit 130
      Finish it with cometform apply --resume, or run apply again: what is done is
      not done twice.
      "
    `);
  });
});

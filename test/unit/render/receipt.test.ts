import { expect, test } from "vitest";
import { toReceipt, toUnfinished } from "../../../src/executor/receipt.ts";
import { plainPaint } from "../../../src/render/paint.ts";
import { renderJournal, renderReceipt } from "../../../src/render/receipt.ts";
import { recordRun } from "../../support/recorded-run.ts";

const view = { paint: plainPaint, width: 100 };
const withoutDigest = (text: string): string => text.replaceAll(/[0-9a-f]{64}/g, "(digest)");

test("a receipt says whose and when, every call if asked, and what was not done and what to do", async () => {
  const { records } = await recordRun("refusal");
  const text = renderReceipt(toReceipt(records), { ...view, verbose: true });
  expect(withoutDigest(text)).toMatchInlineSnapshot(`
    "acme · app emulator (us) · vendor API
    apply of 2026-07-23 10:00:00 UTC, run 20260723T100000Z-abcdef, cometform 0.0.0
    plan (digest)

    5 writes:
      10:00:01.000  POST /roles       0 ms  applied  role/vip
      10:00:04.000  POST /users       0 ms  applied  user/bob
      10:00:07.000  POST /users       0 ms  applied  user/eve
      10:00:10.000  POST /users       0 ms  failed  user/ann
      10:00:15.000  POST /groups      0 ms  failed  group/hall and 2 more

    ✓ 5 applied in 19 s, 5 writes, 0 throttled
        created role/vip
        created user/bob
        created user/eve
        created group/hall
        created membership/hall:eve
    ✗ 2 failed
        user/ann             ERR_BAD_REQUEST    POST /users answered 400 ERR_BAD_REQUEST. The role is
                                                not valid
            → The service does not take these values. Its message says which; correct them in the
              manifest, then run apply again.
        membership/hall:ann  ERR_UID_NOT_FOUND  POST /groups did not do it: ERR_UID_NOT_FOUND. The user
                                                with UID ann does not exist
            → The app has no such user: it was deleted while we worked, is switched off, or could not
              be created. Declare it or take it out of the manifest, then run apply again.
    – 1 skipped
        group/den  NEED_NOT_MET  needs user/ann
            → It follows by itself: mend what it needs, then run apply again.

    Read again: 3 objects still differ. Not converged.
        user/ann             to create: name, role
        group/den            to create: name, owner
        membership/hall:ann  to create: scope
    Mend what failed, then run apply again: what is done already is not done twice.
    "
  `);
});

test("the journal of a run that was cut short says how far it got and how to finish it", async () => {
  const { records } = await recordRun("none");
  const third = records.findIndex((record) => record.type === "intent" && record.step === "s3");
  const cut = records.slice(0, third + 1);
  const text = renderJournal(toReceipt(cut), toUnfinished(cut), view);
  expect(withoutDigest(text)).toMatchInlineSnapshot(`
    "acme · app emulator (us) · vendor API
    apply of 2026-07-23 10:00:00 UTC, run 20260723T100000Z-abcdef, cometform 0.0.0
    plan (digest)

    ✓ 2 applied in 7.0 s, 3 writes, 0 throttled
    ? 1 unknown: sent, but no answer says what came of it
        user/eve  CUT_SHORT  the run was cut short while this call was under way
            → cometform apply --resume finds out and finishes the run; plan shows what is still missing.
    – 5 skipped
        user/ann             NOT_REACHED  the run ended before this call
        group/den            NOT_REACHED  the run ended before this call
        group/hall           NOT_REACHED  the run ended before this call
        membership/hall:ann  NOT_REACHED  the run ended before this call
        membership/hall:eve  NOT_REACHED  the run ended before this call
            → cometform apply --resume goes on with it.

    This run did not finish: 2 of 6 steps done, 1 call under way with unknown outcome; cometform apply
    --resume finishes it.
    "
  `);
});

test("the journal of a run that ended is shown like its receipt", async () => {
  const { records } = await recordRun("none");
  const receipt = toReceipt(records);
  expect(renderJournal(receipt, toUnfinished(records), view)).toBe(renderReceipt(receipt, view));
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Plan } from "../../src/model/plan.ts";
import { renderHtml } from "../../src/render/html.ts";
import { browserFlags, browserPath, hasBrowser } from "../support/review/browser.ts";
import {
  emptyPlan,
  largePlan,
  nastyPlan,
  refusedPlan,
  smallPlan,
} from "../support/review/plans.ts";

/** How the pages are looked at. */
interface Look {
  readonly colorScheme?: "light" | "dark";
  readonly width?: number;
  readonly javaScriptEnabled?: boolean;
}

// Without Debian's chromium nothing here can be tested: the skipped tests say so.
describe.skipIf(!hasBrowser)(
  `the page in a browser (${hasBrowser ? "" : "skipped: no "}${browserPath})`,
  () => {
    let folder = "";
    let browser: Browser;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "cometform-page-"));
      browser = await chromium.launch({ executablePath: browserPath, args: [...browserFlags] });
    }, 30_000);

    afterAll(async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** Opens the page of a plan from a file, as somebody would who downloaded it. */
    async function open(
      plan: Plan,
      look: Look = {},
    ): Promise<{ readonly page: Page; readonly ms: number; readonly troubles: readonly string[] }> {
      const { colorScheme = "light", width = 1_200, javaScriptEnabled = true } = look;
      const file = join(folder, `${plan.changes.length}.html`);
      writeFileSync(
        file,
        renderHtml(plan, { next: `cometform apply --expect-digest ${plan.digest}` }),
      );
      const context = await browser.newContext({
        colorScheme,
        javaScriptEnabled,
        viewport: { width, height: 800 },
      });
      const page = await context.newPage();
      const troubles: string[] = [];
      page.on("console", (message) => troubles.push(message.text()));
      page.on("pageerror", (error) => troubles.push(String(error)));
      page.on("request", (request) =>
        troubles.push(...(request.url().startsWith("file:") ? [] : [request.url()])),
      );
      const start = performance.now();
      await page.goto(pathToFileURL(file).href);
      return { page, ms: performance.now() - start, troubles };
    }

    /** What axe finds by all of its rules, or by all but those that are left out. */
    async function violations(page: Page, without: readonly string[] = []): Promise<unknown> {
      // Past the page's own policy, which forbids every script but its own.
      await page.evaluate(axe.source);
      // Else the browser lays out what is out of sight anew for every element that is asked about.
      await page.evaluate(`{
        const [sheet] = document.styleSheets;
        sheet.insertRule(".change { content-visibility: visible !important }", sheet.cssRules.length);
      }`);
      const rules = Object.fromEntries(without.map((rule) => [rule, { enabled: false }]));
      return await page.evaluate(`
        axe.run({ resultTypes: ["violations"], rules: ${JSON.stringify(rules)} }).then(({ violations }) =>
          violations.map(({ id, nodes }) => ({ id, first: nodes.slice(0, 3).map(({ html, failureSummary }) => ({ html, failureSummary })) })))`);
    }

    test("a plan of a thousand changes opens in less than two seconds, without trouble, and is accessible", async () => {
      const { page, ms, troubles } = await open(largePlan(1_000));
      expect(ms).toBeLessThan(2_000);
      // Contrast takes most of the time, and is that of the small plans, which have a change of every sort.
      const isThorough = process.env["COMETFORM_WORLDS"] !== undefined;
      expect(await violations(page, isThorough ? [] : ["color-contrast"])).toEqual([]);
      expect(troubles).toEqual([]);
      await page.context().close();
    });

    test.each([
      ["a small plan", smallPlan()],
      ["a refused plan", refusedPlan()],
      ["an empty plan", emptyPlan()],
    ])("%s is accessible in light and dark, and fits a phone", async (_, plan) => {
      for (const look of [{ colorScheme: "light" }, { colorScheme: "dark", width: 360 }] as const) {
        const { page, troubles } = await open(plan, look);
        expect(await violations(page)).toEqual([]);
        const { width = 1_200 } = look as Look;
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(
          width,
        );
        expect(troubles).toEqual([]);
        await page.context().close();
      }
    });

    test("search and filters leave what fits, say how much that is, and are worked by keyboard", async () => {
      const { page } = await open(smallPlan());
      const shown = async (): Promise<readonly string[]> =>
        await page
          .locator(".change:not([hidden]) .name")
          .filter({ visible: true })
          .allTextContents();
      const all = await shown();
      await page.keyboard.press("/");
      await page.keyboard.type("support user/");
      await expect
        .poll(async () => await page.textContent("#status"))
        .toBe(`2 of ${all.length} entries shown`);
      expect(await shown()).toEqual(["user/alice", "user/bob"]);
      await page.keyboard.press("Escape");
      expect(await shown()).toEqual(all);
      await page.locator("#filters button", { hasText: "delete" }).press("Enter");
      expect(await shown()).toEqual(["user/dave", "group/old-help", "group/lobby"]);
      expect(await page.locator("#kind-1").isVisible()).toBe(false);
      await page.context().close();
    });

    test("the switch changes the theme whatever the system's is", async () => {
      const { page } = await open(smallPlan(), { colorScheme: "dark" });
      const paper = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
      const dark = await paper();
      await page.locator("#theme").press("Enter");
      expect(await paper()).not.toBe(dark);
      await page.locator("#theme").press("Enter");
      expect(await paper()).toBe(dark);
      await page.context().close();
    });

    test("without scripts everything is there to be read", async () => {
      const { page } = await open(smallPlan(), { javaScriptEnabled: false });
      expect(await page.locator(".change").count()).toBe(9);
      expect(await page.locator("#filters").isVisible()).toBe(false);
      expect(await page.locator(".change", { hasText: "Alice Ammer" }).isVisible()).toBe(true);
      await page.context().close();
    });

    test("whatever things are called, nothing of it is run, loaded or taken for an element", async () => {
      const { page, troubles } = await open(nastyPlan());
      const found = await page.evaluate(`({
        pwned: "pwned" in globalThis,
        foreign: document.querySelectorAll("img, iframe, object, embed, form, base, link, script[src]").length,
        scripts: document.scripts.length,
        names: [...document.querySelectorAll(".change .name")].map(({ textContent }) => textContent),
      })`);
      const names = expect.arrayContaining(['user/"><img src=x onerror=pwned=1>']);
      expect(found).toEqual({ pwned: false, foreign: 0, scripts: 1, names });
      expect(troubles).toEqual([]);
      await page.context().close();
    });

    test("ten thousand changes are still searched without a wait that anybody would call one", async () => {
      const { page } = await open(largePlan(10_000));
      const start = performance.now();
      await page.fill("#search", "user-04999");
      await page.locator("#status", { hasText: "1 of 10,000 entries shown" }).waitFor();
      expect(performance.now() - start).toBeLessThan(2_000);
      await page.context().close();
    });
  },
);

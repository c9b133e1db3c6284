import { existsSync } from "node:fs";

/** Where Debian's package `chromium` puts it. */
export const browserPath = "/usr/bin/chromium";

/** Whether there is a browser to look at pages with. */
export const hasBrowser: boolean = existsSync(browserPath);

/** Without a sandbox, which containers cannot have, and without anything that goes out by itself. */
export const browserFlags: readonly string[] = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

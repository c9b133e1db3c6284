import type { Quota } from "../model/plan.ts";
import type { Session } from "../providers/provider.ts";
import { requireMembers } from "./guard.ts";
import { InputError } from "./input-error.ts";
import { contentOf, type LoadedManifest } from "./manifest.ts";
import { provider } from "./the-provider.ts";

/** Where an app is and how to talk to it. */
export interface ConnectInput {
  /** Names the app where `appId`, `region` and `dialect` are left out; what is given must agree with it. */
  readonly manifest?: LoadedManifest;
  /** Letters, digits, `_` and `-`. */
  readonly appId?: string;
  readonly region?: "us" | "eu" | "in";
  /** A REST API key of the app with full access. */
  readonly apiKey: string;
  /** With `managementSecret`: for webhooks in the vendor dialect. */
  readonly managementKey?: string;
  readonly managementSecret?: string;
  /** The chat API with its version path, instead of the app's own: `https://HOST/v3`. */
  readonly baseUrl?: string;
  /** The management API, instead of the service's own. */
  readonly managementUrl?: string;
  /** Found out by asking the app if left out. */
  readonly dialect?: "auto" | "vendor" | "collection";
  /** Calls in flight at once; 16 if left out. */
  readonly concurrency?: number;
  /** The part of the app's quotas that may be used, above 0 and at most 1; 0.8 if left out. */
  readonly quotaShare?: number;
  /** Calls a minute that the app's plan allows, where the service does not say. */
  readonly quotas?: { readonly [quota in Quota]?: number };
  /** How long one call may take, in milliseconds, instead of what is usual for its sort. */
  readonly timeoutMs?: number;
  /** The proxy by which an https URL is reached, where there is one. */
  readonly proxyFor?: (url: string) => string | undefined;
  readonly signal?: AbortSignal;
}

/** A connection to one app. */
export interface App {
  readonly appId: string;
  readonly region: string;
  /** The form of the API it speaks: `vendor` or `collection`. */
  readonly dialect: string;
  /** Closes its connections, so that a process without other work can end. */
  close(): void;
}

/** What an app stands for. */
export interface AppContent {
  readonly session: Session;
  readonly concurrency: number;
}

const contents = new WeakMap<App, AppContent>();
const concurrencyDefault = 16;

/**
 * Connects to an app and finds out which dialect it speaks.
 *
 * @throws InputError where the app is not named, or not as the manifest names it.
 * @throws ProviderError where credentials are missing or refused, or the app does not answer.
 */
export async function connect(input: ConnectInput): Promise<App> {
  requireMembers(input, "The argument of connect", "Give at least { appId, region, apiKey }.");
  const { manifest, apiKey, managementKey, managementSecret, ...rest } = input;
  for (const key of [apiKey, managementKey, managementSecret]) requireKey(key);
  const { concurrency = concurrencyDefault } = input;
  const content = manifest === undefined ? undefined : contentOf(manifest);
  const session = await provider.connect({
    ...rest,
    ...targetOf(input),
    ...{ apiKey, concurrency },
    ...(managementKey === undefined ? {} : { managementKey }),
    ...(managementSecret === undefined ? {} : { managementSecret }),
    managed: content?.desired.managed ?? new Set(),
  });
  const { appId, region, dialect } = session.target;
  const app: App = { appId, region, dialect, close: () => session.close() };
  contents.set(app, { session, concurrency });
  return app;
}

/**
 * What an app stands for.
 *
 * @throws InputError for a value that was made by something else, a copy included.
 */
export function contentOfApp(app: App): AppContent {
  const content = contents.get(app);
  if (content === undefined) {
    throw new InputError({
      code: "library/app",
      summary: "This is no app that connect gave",
      hint: "Pass the value that connect resolves to on as it is.",
    });
  }
  return content;
}

/** These become a part of the host's name, so they are looked at before. */
function targetOf(input: ConnectInput): {
  readonly appId: string;
  readonly region: string;
  readonly dialect: string;
} {
  const declared = input.manifest?.app;
  const appId = settle("appId", input.appId, declared?.appId);
  const region = settle("region", input.region, declared?.region);
  const dialect = input.dialect ?? declared?.dialect ?? "auto";
  requireForm("appId", appId, /^[A-Za-z0-9_-]+$/, "letters, digits, _ and -");
  requireForm("region", region, /^(?:us|eu|in)$/, "us, eu or in");
  requireForm("dialect", dialect, /^(?:auto|vendor|collection)$/, "auto, vendor or collection");
  return { appId, region, dialect };
}

function settle(what: string, given: string | undefined, declared: string | undefined): string {
  if (given !== undefined && declared !== undefined && given !== declared) {
    throw new InputError({
      code: `app/other-${what === "appId" ? "app" : what}`,
      summary: `The manifest is for ${what} ${declared}, but connect was given ${given}`,
      hint: "Make them agree; nothing was read or changed.",
    });
  }
  const settled = given ?? declared;
  if (settled === undefined) {
    throw new InputError({
      code: "app/configuration",
      summary: `No ${what} is named`,
      hint: `Give it to connect, or name it in the manifest under provider.`,
    });
  }
  return settled;
}

function requireForm(what: string, value: string, pattern: RegExp, form: string): void {
  if (pattern.test(value)) return;
  throw new InputError({
    code: "app/configuration",
    summary: `${what} is not valid: ${JSON.stringify(value)}`,
    hint: `It must be ${form}.`,
  });
}

/** A key with a blank or a line break in it would fail as a header, and be shown doing so. */
function requireKey(key: string | undefined): void {
  if (key === undefined || /^[\u0021-\u007e]+$/.test(key)) return;
  throw new InputError({
    code: "api/credentials",
    summary: "A key is empty, or has characters that no key has",
    hint: "Copy it again: without quotes, blanks and line breaks.",
  });
}

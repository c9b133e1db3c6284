import type { Diagnostic } from "../model/diagnostic.ts";
import type { JsonObject } from "../model/json.ts";
import type { KindSpec } from "../model/kind.ts";
import type { ClassPace } from "../model/pace.ts";
import type { ApiCall, PlanTarget, Quota, Step } from "../model/plan.ts";
import type {
  Address,
  DesiredGraph,
  HoldersAsked,
  LiveGraph,
  ReadScope,
} from "../model/resource.ts";

/** How an error of the world came about; decides the exit code and what the message advises. */
export type ProviderErrorKind =
  | "credentials"
  | "unreachable"
  | "not-found"
  | "rejected"
  | "throttled"
  | "unreadable"
  | "configuration"
  | "unknown-outcome"
  | "already-so"
  | "interrupted";

/** What the world got wrong, or refused: thrown by provider code, never by the planner. */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  readonly kind: ProviderErrorKind;
  /** The service's own code, e.g. `ERR_UID_NOT_FOUND`, or one of ours for transport failures. */
  readonly code: string;
  /** The HTTP status, where there was an answer. */
  readonly status: number | undefined;
  /** Why it happened, in a sentence. */
  readonly reason: string | undefined;
  /** What to do next, in a sentence. */
  readonly hint: string | undefined;

  constructor(options: {
    readonly kind: ProviderErrorKind;
    readonly code: string;
    readonly message: string;
    readonly status?: number | undefined;
    readonly reason?: string | undefined;
    readonly hint?: string | undefined;
    readonly cause?: unknown;
  }) {
    super(options.message, { cause: options.cause });
    this.kind = options.kind;
    this.code = options.code;
    this.status = options.status;
    this.reason = options.reason;
    this.hint = options.hint;
  }
}

/** Single resources that are to be read. */
export interface Wanted {
  readonly addresses: ReadonlySet<Address>;
  /** Parents whose children are read, all of them. */
  readonly parents: ReadonlySet<Address>;
}

/** The planning half of a session: it can read and has no way to write. */
export interface Reader {
  /**
   * Reads the collections in scope to their end.
   *
   * @throws ProviderError when a collection cannot be read at all.
   */
  read(scope: ReadScope, desired: DesiredGraph, signal?: AbortSignal): Promise<LiveGraph>;
  /**
   * Reads single resources, each in the form in which `read` gives it, with as few calls as can be
   * promised. What is wanted and not in the graph is absent for sure; the graph may hold others, too,
   * of which less may have been read. There is evidence of each parent whose children were listed, and
   * of a kind only where its listing was read to its end.
   *
   * @throws ProviderError when it cannot be told whether something that is wanted exists.
   */
  find(wanted: Wanted, desired: DesiredGraph, signal?: AbortSignal): Promise<LiveGraph>;
  /**
   * Reads who refers to single resources, as far as it takes to know whether somebody does who is not
   * known to: that one is in the graph then. Only of kinds that say they `tellHolders`.
   */
  holders(asked: readonly HoldersAsked[], signal?: AbortSignal): Promise<LiveGraph>;
}

/**
 * Whether the app is as a call would leave it: `done` or `undone`, `different` where what the call was
 * to make is there, but not as it would make it, so that the service would refuse it, or `untold` where
 * nothing that can be read shows it, or sending the call again could do it twice.
 */
export type Standing = "done" | "undone" | "different" | "untold";

/** The executing half of a session. */
export interface Writer {
  /**
   * The step's call without the rows of these addresses; `undefined` where what is left cannot be sent
   * by this call.
   */
  trim(step: Step, left: ReadonlySet<Address>): ApiCall | undefined;
  /**
   * Sends a step's call, secrets filled in, and reads its reply row by row.
   *
   * @returns the rows of a batch that failed, by address; empty when all of it was done. Rows that the
   * service says are already so are among them, as `already-so`: whether it is right has to be read.
   * @throws ProviderError when the call as a whole failed, or when its outcome is unknown.
   */
  send(
    call: ApiCall,
    changes: readonly Address[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<Address, ProviderError>>;
  /**
   * Reads the resources of a call and tells for each whether the app is as the call would leave it.
   *
   * @throws ProviderError when they cannot be read.
   */
  look(
    call: ApiCall,
    changes: readonly Address[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<Address, Standing>>;
}

/** How often calls were sent, repeated and answered 429. */
export interface CallCounts {
  readonly sent: number;
  readonly retried: number;
  readonly throttled: number;
}

/** Where the app is and how to talk to it; keys come from the environment only. */
export interface ConnectOptions {
  readonly appId: string;
  readonly region: string;
  /** Chat base URL with the version path, instead of the app's own. */
  readonly baseUrl?: string;
  /** Management base URL, the bare host, instead of the service's own. */
  readonly managementUrl?: string;
  readonly apiKey: string;
  readonly managementKey?: string;
  readonly managementSecret?: string;
  /** One of the provider's dialects, or `auto`. */
  readonly dialect: string;
  readonly concurrency: number;
  /** The part of each quota we may use, above 0 and at most 1; 0.8 if left out. */
  readonly quotaShare?: number;
  /** Calls a minute the app's plan allows, instead of what is assumed; the service may say less. */
  readonly quotas?: { readonly [quota in Quota]?: number };
  /** Kinds the manifest has a section for; decides which credentials are needed. */
  readonly managed: ReadonlySet<string>;
  /** How long one call may take, instead of what is usual for its sort. */
  readonly timeoutMs?: number;
  /** The URL of the proxy by which an https URL is reached, where there is one; asked for each call. */
  readonly proxyFor?: (url: string) => string | undefined;
  readonly signal?: AbortSignal;
}

/** A connection to one app in one settled dialect. */
export interface Session {
  readonly target: PlanTarget;
  /** Parents first. */
  readonly kinds: readonly KindSpec[];
  readonly reader: Reader;
  readonly writer: Writer;
  /** Kinds that cannot be read with these credentials, with the reason as a warning. */
  readonly closed: ReadonlyMap<string, Diagnostic>;
  counts(): CallCounts;
  /** Closes its connections, so that a process without other work can end. */
  close(): void;
  /** How fast each quota class may go, and what waits for it; cheap enough to be asked often. */
  pace(): readonly ClassPace[];
  /** The manifest, as plain data in canonical order, that describes what was read. */
  toManifest(live: LiveGraph, options: { readonly stack?: string }): JsonObject;
}

/** An emulator that is running inside this process or as its main job. */
export interface RunningEmulator {
  readonly chatUrl: string;
  readonly managementUrl: string;
  readonly apiKey: string;
  readonly managementKey: string;
  readonly managementSecret: string;
  close(): Promise<void>;
}

/** What an emulator is started with. */
export interface EmulatorOptions {
  readonly dialect: string;
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** Where its state is kept between runs; in memory if left out. */
  readonly dataFile?: string;
  /** `build`, `default`, calls a minute for each class, or classes by name: `core=500,import=10`. */
  readonly quota?: string;
  readonly latencyMs?: number;
  /** A file of rules by which it gets things wrong; everything goes right if left out. */
  readonly faultsFile?: string;
  /** Starts with the sample data of a fresh app. */
  readonly sample?: boolean;
  /** Starts with so many users besides; what the state between runs holds wins. */
  readonly seedUsers?: number;
  /** The largest page the server gives, whatever is asked for. */
  readonly pageMax?: number;
}

/** A service that can be provisioned: one folder, one line in the registry. */
export interface ProviderModule {
  readonly name: string;
  readonly dialects: readonly string[];
  /** The JSON Schema whose `$defs` has one entry for each section. */
  readonly schema: JsonObject;
  /** The kinds in a dialect, parents first; what they declare does not depend on the dialect. */
  kinds(dialect: string): readonly KindSpec[];
  /** Where an app is called: its own address, or the one that was given instead. */
  addressOf(app: Pick<ConnectOptions, "appId" | "region" | "baseUrl">): string;
  /**
   * Connects and settles the dialect.
   *
   * @throws ProviderError when credentials are missing or refused, or the app does not answer.
   */
  connect(options: ConnectOptions): Promise<Session>;
  /** Starts the provider's API emulator. */
  startEmulator(options: EmulatorOptions): Promise<RunningEmulator>;
}

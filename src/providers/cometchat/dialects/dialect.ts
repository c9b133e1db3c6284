import type { Diagnostic } from "../../../model/diagnostic.ts";
import type { JsonObject } from "../../../model/json.ts";
import type { Bulk, Cost, StepDraft } from "../../../model/kind.ts";
import type { ApiCall, Change, Reversal } from "../../../model/plan.ts";
import { ProviderError } from "../../provider.ts";
import type { Scope } from "../kinds/scopes.ts";
import type { MarkPlace } from "../marks.ts";

/** How webhooks are written; the dialects have nothing in common here. */
export interface WebhookCalls {
  draft(change: Change): readonly StepDraft[];
  cost(change: Change): readonly Cost[];
  check(change: Change): readonly Diagnostic[];
}

/**
 * Bulk calls that create; `undefined` where they have no field for something that the body holds, or
 * where the row could be taken for another one.
 */
export interface ImportCalls {
  user(uid: string, body: JsonObject): Bulk | undefined;
  group(guid: string, body: JsonObject): Bulk | undefined;
  member(guid: string, uid: string, scope: Scope): Bulk | undefined;
}

/** One dialect of the API as a table: which calls there are, and what they can carry. */
export interface Dialect {
  readonly name: "vendor" | "collection";
  /** Rows asked for in a listing. */
  readonly pageSize: number;
  /** What listings of users and groups are asked besides the page. */
  readonly listQuery: {
    readonly user: { readonly [name: string]: string };
    readonly group: { readonly [name: string]: string };
  };
  /**
   * What a listing of users is asked besides, so as to find one of them: a search, which gives others
   * as well.
   */
  searchUser(uid: string): { readonly [name: string]: string };
  /** The parameter by which a listing gives only what carries a tag, by kind, where there is one. */
  readonly tagFilter: { readonly [kind: string]: string };
  /**
   * What a listing is asked so as to give only what refers to one resource and is active, by the kind
   * that refers and the kind that is referred to, where that can be asked.
   */
  readonly holderQuery: {
    readonly [kind: string]: {
      readonly [target: string]: (key: string) => { readonly [name: string]: string };
    };
  };
  /** Where each kind carries its ownership mark; a kind that is missing carries none. */
  readonly markIn: { readonly [kind: string]: MarkPlace };
  /** Attributes that no call carries, by kind. */
  readonly uncarried: { readonly [kind: string]: readonly string[] };
  /** Attributes that are left out without a word, because nothing depends on them, by kind. */
  readonly dropped: { readonly [kind: string]: readonly string[] };
  /** Attributes that only the creating call carries, by kind. */
  readonly fixed: { readonly [kind: string]: readonly string[] };
  /** Whether the call that creates a group can carry its first members. */
  readonly membersInCreate: boolean;
  /** Whether the service names webhooks itself. */
  readonly makesWebhookIds: boolean;
  updateRole(role: string, body: JsonObject, planned: JsonObject): ApiCall;
  deactivateUser(uid: string): StepDraft;
  reactivateUser(uid: string): StepDraft;
  /** Whether a deactivated user can be had back by a later plan. */
  readonly deactivation: Reversal;
  changeScope(guid: string, uid: string, scope: Scope): ApiCall;
  readonly webhook: WebhookCalls;
  /** Its bulk creates, if it has any. */
  readonly imports?: ImportCalls;
}

/** A call to the chat host; ids in `path` are encoded. */
export function chatCall(
  method: ApiCall["method"],
  segments: readonly string[],
  body: JsonObject | null,
  quota: ApiCall["quota"] = "standard",
): ApiCall {
  return { method, host: "chat", path: toPath(segments), body, quota };
}

/**
 * A path of encoded segments.
 *
 * @throws ProviderError for an id that no path can hold; the manifest's cannot be such.
 */
export function toPath(segments: readonly string[]): string {
  return segments.map((segment) => `/${toSegment(segment)}`).join("");
}

function toSegment(id: string): string {
  // However they are encoded, URLs take dots for steps between folders: `DELETE …/members/..` deletes the group.
  if (id !== "." && id !== ".." && !/\p{Surrogate}/u.test(id)) {
    return encodeURIComponent(id);
  }
  throw new ProviderError({
    kind: "rejected",
    code: "ID_UNSENDABLE",
    message: `An id cannot be sent: ${JSON.stringify(id)}`,
    reason: "It would lead the call to another resource, so no call is made with it.",
    hint: "Leave it out with --except, or remove it on the dashboard.",
  });
}

import type { PlanChange, Reversal } from "../model/plan.ts";
import { childCount, childLabel, type Entry } from "./entry.ts";
import { escapeText } from "./escape.ts";
import { countOf } from "./layout.ts";

/** What a block's heading says of the change as a whole; empty where its attributes say it all. */
export function noteOf(entry: Entry): string {
  const { change } = entry;
  if (change === undefined) {
    return "";
  }
  return change.action === "delete" ? deleteNote(entry, change) : keepNote(change);
}

const undone: { readonly [reversal in Reversal]: string } = {
  reversible: "can be made again",
  lossy: "can be made again, but not all of it",
  irreversible: "cannot be undone",
};

function deleteNote(entry: Entry, { kind, soft, reversal }: PlanChange): string {
  if (soft === true) {
    return `deactivated; ${reversal === "irreversible" ? undone[reversal] : "its data is kept"}`;
  }
  const children = childCount(entry);
  const label = childLabel(kind).replace(/s$/, "");
  const taken = children > 0 ? ` with ${countOf(children, label)}` : "";
  return `deleted${taken}; ${undone[reversal]}`;
}

function keepNote({ action, unmark, reversal }: PlanChange): string {
  if (action === "forget") {
    return "forgotten: kept, and no longer marked as ours";
  }
  const isTaken = unmark !== undefined;
  const notes = [
    ...(action === "reactivate" ? ["reactivated: was deactivated"] : []),
    ...(isTaken ? [`taken over from stack "${escapeText(unmark)}"`] : []),
    ...(action === "adopt" && !isTaken ? ["adopted: exists, not yet marked as ours"] : []),
    ...(reversal === "lossy" ? ["cannot be undone without loss"] : []),
    ...(reversal === "irreversible" ? ["cannot be undone"] : []),
  ];
  return notes.join("; ");
}

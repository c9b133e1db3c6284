import type { HookCall } from "./calls.ts";
import {
  initial,
  NONE,
  placeOf,
  SET,
  type Shape,
  type State,
  tailAt,
  withCell,
  written,
} from "./shape.ts";

/**
 * What a call makes of a webhook. In the collection a webhook is known by its url, because its id is
 * made by the server; a second one with the same url is possible there, and left out of the model,
 * which has no use for it.
 */
export function applyToHook(shape: Shape, state: State, call: HookCall): State | undefined {
  const place = placeOf(shape, "hook", call.id);
  const hook = state[place] ?? "";
  const isCreated = call.op === "create-hook";
  if ((hook === "") !== isCreated) return undefined;
  return withCell(state, place, next(shape, hook, call));
}

function next(shape: Shape, hook: string, call: HookCall): string {
  const tail = tailAt(shape, "hook");
  const object = hook.slice(0, tail);
  const triggers = hook.slice(tail);
  switch (call.op) {
    case "create-hook":
      return (
        initial(shape, "hook", call.attributes) +
        (call.triggers === "" ? NONE.repeat(shape.triggers.length) : call.triggers)
      );
    case "update-hook":
      // The collection's update writes the triggers as a whole.
      return written(object, call.attributes) + (call.triggers === "" ? triggers : call.triggers);
    case "delete-hook":
      return "";
    case "add-triggers":
      return object + overlaid(triggers, call.triggers, SET);
    default:
      return object + overlaid(triggers, call.triggers, NONE);
  }
}

function overlaid(triggers: string, named: string, letter: string): string {
  return [...triggers].map((now, i) => (named[i] === SET ? letter : now)).join("");
}

import type { Action } from "../model/plan.ts";

/** What stands before a name for what happens to it. */
export const signs: { readonly [action in Action]: string } = {
  create: "+",
  update: "~",
  delete: "−",
  adopt: ">",
  reactivate: ">",
  forget: "<",
};

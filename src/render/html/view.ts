import type { Estimate } from "../../model/pace.ts";

/** How a plan is written for a browser. */
export interface HtmlView {
  /** The command that applies exactly this plan. */
  readonly next?: string;
  readonly estimate?: Estimate;
}

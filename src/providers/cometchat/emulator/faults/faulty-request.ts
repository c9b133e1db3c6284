import type { Json } from "../json.ts";

/** What rules look at in a request. */
export interface FaultyRequest {
  readonly method: string;
  /** As the log shows it. */
  readonly path: string;
  /** Whether its answer is a list that can lag. */
  readonly isList: boolean;
  /** The body of a batch; nothing for all else. */
  readonly batch: Json | undefined;
}

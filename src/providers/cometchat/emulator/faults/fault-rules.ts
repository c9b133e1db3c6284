/** Which requests a rule is about, and which of them it strikes; what is left out limits nothing. */
export interface FaultMatch {
  /** Says to people what the rule is for. */
  readonly note?: string;
  readonly method?: string | readonly string[];
  /** `*` stands for one segment or a part of it, `**` for any number of segments. */
  readonly path?: string;
  /** Strikes only the nth of the matching requests, counted from 1. */
  readonly nth?: number | readonly number[];
  /** Strikes one in so many: the nth, the 2nth and so on. */
  readonly every?: number;
  /** How likely it strikes, from 0 to 1. */
  readonly probability?: number;
  /** Strikes at most so often. */
  readonly times?: number;
  /** The part of the time since the rules were set in which requests match. */
  readonly afterMs?: number;
  readonly untilMs?: number;
}

/** Whether a fault comes in before the request is executed, or once it was. */
export type FaultMoment = "before" | "after";

/** An answer of somebody's instead of the app's. */
export interface StatusFault {
  readonly fault: "status";
  readonly status: number;
  readonly code?: string;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly when?: FaultMoment;
}

/** The page of a proxy instead of the app's answer. */
export interface HtmlFault {
  readonly fault: "html";
  readonly status?: number;
  readonly when?: FaultMoment;
}

/** A connection that ends without an answer. */
export interface DropFault {
  readonly fault: "drop";
  readonly when?: FaultMoment;
}

/** An answer that ends early. */
export interface CutFault {
  readonly fault: "cut";
  /** How much of it gets through; half of it if left out. */
  readonly bytes?: number;
}

/** An answer that is whole and yet no JSON. */
export interface MalformedFault {
  readonly fault: "malformed";
}

/** An answer that comes in small pieces. */
export interface DripFault {
  readonly fault: "drip";
  /** The wait before each piece. */
  readonly ms: number;
  /** The size of a piece. */
  readonly bytes?: number;
}

/** A fault that decides what becomes of the answer; a request has one of them at most. */
export type AnswerFault =
  | StatusFault
  | HtmlFault
  | DropFault
  | CutFault
  | MalformedFault
  | DripFault;

/** A request that takes longer. */
export interface DelayFault {
  readonly fault: "delay";
  readonly ms: number;
  readonly when?: FaultMoment;
}

/** A batch of which some rows fail: those of a list, counted from 0, or each with some likelihood. */
export interface PartialFault {
  readonly fault: "partial";
  readonly rows?: readonly number[];
  readonly rowProbability?: number;
  readonly code?: string;
  readonly message?: string;
}

/** A list that shows what there was a while ago. */
export interface LagFault {
  readonly fault: "lag";
  readonly ms: number;
}

/** Another quota, in calls a minute, from this request on. */
export interface QuotaFault {
  readonly fault: "quota";
  readonly core?: number;
  readonly standard?: number;
  readonly import?: number;
}

/** What can go wrong. */
export type Fault = AnswerFault | DelayFault | PartialFault | LagFault | QuotaFault;

/** One rule: which requests, and what goes wrong with them. */
export type FaultRule = FaultMatch & Fault;

/** A fault document: what goes wrong with which requests. */
export interface FaultRules {
  /** What chance is drawn from: equal seeds and equal requests have equal faults. */
  readonly seed?: number;
  readonly rules: readonly FaultRule[];
}

/** Whether a fault decides what becomes of the answer. */
export function isAnswerFault(fault: Fault): fault is AnswerFault {
  return answerFaults.has(fault.fault);
}

/** When a fault comes in. */
export function momentOf(fault: Fault): FaultMoment {
  if ("when" in fault && fault.when !== undefined) return fault.when;
  return fault.fault === "cut" || fault.fault === "malformed" || fault.fault === "drip"
    ? "after"
    : "before";
}

const answerFaults: ReadonlySet<string> = new Set([
  "status",
  "html",
  "drop",
  "cut",
  "malformed",
  "drip",
] satisfies AnswerFault["fault"][]);

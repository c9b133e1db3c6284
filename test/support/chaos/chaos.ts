import fc from "fast-check";
import type {
  FaultMatch,
  FaultRule,
  FaultRules,
} from "../../../src/providers/cometchat/emulator/index.ts";

/*
 * Everything the emulator can be told to get wrong, but for lies: no refusal of what was carried out,
 * and no answer that something does not exist which does. No client could tell these from the truth.
 */

const WRITES = ["POST", "PUT", "DELETE"];

const paths: readonly string[] = [
  "/users",
  "/users/*",
  "/groups",
  "/groups/*",
  "/groups/*/members",
  "/groups/*/members/*",
  "/roles",
  "/roles/*",
  "**/webhooks",
  "**/webhooks/*",
  "**/triggers",
  "/data_import/*",
];

/** Which requests a rule strikes: what shrinks first is struck most narrowly. */
const strikes: fc.Arbitrary<FaultMatch> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      nth: fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ every: fc.integer({ min: 2, max: 4 }) }) },
  { weight: 3, arbitrary: fc.record({ probability: fc.constantFrom(0.1, 0.3, 0.7) }) },
  { weight: 1, arbitrary: fc.record({ times: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.constant({}) },
);

const place: fc.Arbitrary<FaultMatch> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ path: fc.constantFrom(...paths) }) },
);

/** Requests by one of these methods, some of them. */
function requests(
  ...methods: readonly fc.Arbitrary<string | readonly string[]>[]
): fc.Arbitrary<FaultMatch> {
  return fc
    .record({ method: fc.oneof(...methods), where: place, when: strikes })
    .map(({ method, where, when }) => ({ method, ...where, ...when }));
}

const write = fc.constantFrom<string | readonly string[]>(...WRITES, WRITES);
const read = fc.constant("GET");

const when = fc.constantFrom("before", "after");

const fault = <T extends string>(name: T) => fc.constant(name);

/** The service fails, before or after it has done what it was asked. */
const failing = fc.record({
  fault: fault("status"),
  status: fc.constantFrom(503, 500, 502, 504, 408),
  when,
});

const throttling = fc
  .record({
    fault: fault("status"),
    status: fc.constant(429),
    after: fc.integer({ min: 0, max: 9 }),
  })
  .map(({ after, ...rest }) => ({ ...rest, headers: { "retry-after": String(after) } }));

/** The service refuses a write, rightly or not. */
const refusing = fc
  .constantFrom(
    [400, "ERR_BAD_REQUEST"],
    [403, "AUTH_ERR_NO_ACCESS"],
    [404, "ERR_UID_NOT_FOUND"],
    [404, "ERR_GUID_NOT_FOUND"],
    [400, "ERR_UID_ALREADY_EXISTS"],
    [400, "ERR_GUID_ALREADY_EXISTS"],
    [400, "ERR_ROLE_ALREADY_EXISTS"],
    [400, "ERR_SAME_SCOPE"],
    [302, "ERR_MOVED"],
  )
  .map(([status, code]) => ({ fault: "status" as const, status, code }));

/** The service says that it is so already, of what it has just done. */
const claiming = fc
  .constantFrom("ERR_UID_ALREADY_EXISTS", "ERR_GUID_ALREADY_EXISTS", "ERR_ALREADY_JOINED")
  .map((code) => ({ fault: "status" as const, status: 400, code, when: "after" as const }));

const page = fc.record({ fault: fault("html"), status: fc.constantFrom(502, 200), when });
const dropping = fc.record({ fault: fault("drop"), when });
const cutting = fc.record(
  { fault: fault("cut"), bytes: fc.integer({ min: 0, max: 40 }) },
  { requiredKeys: ["fault"] },
);
const garbling = fc.record({ fault: fault("malformed") });
/** Also beyond the time that a read, or a write, is given. */
const delaying = fc.record({
  fault: fault("delay"),
  ms: fc.constantFrom(100, 2_000, 16_000, 31_000, 33_000, 70_000),
  when,
});
const dripping = fc.record({
  fault: fault("drip"),
  ms: fc.constantFrom(10, 2_000, 9_000),
  bytes: fc.constantFrom(256, 64),
});
const rowFailing = fc
  .record({
    rows: fc.oneof(
      fc.record({ rows: fc.subarray([0, 1, 2], { minLength: 1 }) }),
      fc.record({ rowProbability: fc.constantFrom(0.3, 0.7) }),
    ),
    code: fc.constantFrom(
      "ERR_EXCEPTION",
      "ERR_UID_NOT_FOUND",
      "ERR_ALREADY_JOINED",
      "ERR_SAME_SCOPE",
    ),
  })
  .map(({ rows, code }) => ({ fault: "partial" as const, code, ...rows }));
const lagging = fc.record({ fault: fault("lag"), ms: fc.constantFrom(300, 2_000, 6_000, 30_000) });
const limiting = fc.record({
  fault: fault("quota"),
  core: fc.integer({ min: 1, max: 30 }),
  standard: fc.integer({ min: 2, max: 60 }),
});

type Weighed = fc.WeightedArbitrary<FaultRule>;

function rule(weight: number, of: fc.Arbitrary<FaultMatch>, what: fc.Arbitrary<object>): Weighed {
  const arbitrary = fc.tuple(of, what).map(([match, one]) => ({ ...match, ...one }) as FaultRule);
  return { weight, arbitrary };
}

const anyRule: fc.Arbitrary<FaultRule> = fc.oneof(
  rule(6, requests(write), dropping),
  rule(6, requests(write), failing),
  rule(4, requests(write), delaying),
  rule(3, requests(write), refusing),
  rule(2, requests(write), page),
  rule(2, requests(write), cutting),
  rule(2, requests(write), garbling),
  rule(1, requests(write), dripping),
  rule(1, requests(write), throttling),
  rule(1, requests(fc.constant("POST")), claiming),
  rule(5, strikes, rowFailing),
  rule(3, requests(read), dropping),
  rule(3, requests(read), failing),
  rule(2, requests(read), delaying),
  rule(1, requests(read), page),
  rule(1, requests(read), cutting),
  rule(1, requests(read), garbling),
  rule(1, requests(read), dripping),
  rule(1, requests(read), throttling),
  rule(4, strikes, lagging),
  rule(1, fc.record({ nth: fc.integer({ min: 1, max: 9 }) }), limiting),
);

/** When faults come in, and how a run is disturbed beyond them. */
export interface Chaos {
  readonly faults: FaultRules;
  /** How far lists lag behind from the beginning. */
  readonly lagMs: number;
  /** Whether faults hit the reads after the apply as well. */
  readonly isLasting: boolean;
  /** One connection in so many is refused; none if 0. */
  readonly refusedEvery: number;
  /** The write with which the run is interrupted; it is not if 0. */
  readonly interruptedAt: number;
  /** Calls in flight at once. */
  readonly concurrency: number;
}

/** What may go wrong while a plan is applied. */
export const chaos: fc.Arbitrary<Chaos> = fc.record({
  faults: fc.record({
    seed: fc.integer({ min: 1, max: 999 }),
    rules: fc.array(anyRule, { minLength: 1, maxLength: 5 }),
  }),
  lagMs: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constantFrom(200, 3_000, 20_000) },
  ),
  isLasting: fc.boolean(),
  refusedEvery: fc.oneof(
    { weight: 8, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 2, max: 5 }) },
  ),
  interruptedAt: fc.oneof(
    { weight: 12, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 5 }) },
  ),
  concurrency: fc.constantFrom(1, 4, 16),
});

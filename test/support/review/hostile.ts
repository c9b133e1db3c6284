import fc from "fast-check";
import type { Plan, PlanChange, Step } from "../../../src/model/plan.ts";
import { toChange, toPlan, toStep } from "../plan.ts";

/** Pieces of names by which somebody could try to get out of where they are shown. */
const pieces = [
  "</script><script>pwned=1</script>",
  '"><img src=x onerror=pwned=1>',
  "</details>",
  "</code></pre>",
  "<!--",
  "-->",
  "| a | b |",
  "\\|",
  "`",
  "```",
  "*x*_y_~~z~~",
  "[a](https://evil.example)",
  "https://evil.example/x",
  "www.evil.example",
  "@everyone",
  "#12",
  "a/b#1",
  "GH-7",
  "!9",
  "someone@evil.example",
  "&lt;b&gt;&#64;all",
  "$x^2$",
  "\n/close\n",
  "\r\n## heading",
  "> quote",
  "1. one",
  "- item",
  "\u202edcba",
  "\u2067שלום",
  "\u0000\u001b[31m",
  "\ud800",
  "::error::x",
  "'",
  " ",
  "é漢字😀",
  "plain",
] as const;

/** A text that somebody could have put into an app or a manifest. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...pieces) }, fc.string({ maxLength: 8 })),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((parts) => parts.join(""));

const key = fc.oneof(fc.stringMatching(/^[a-z][a-z0-9_-]{0,11}$/), hostileText);
/** In a membership's key the first colon ends the group. */
const part = key.map((text) => text.replaceAll(":", ";"));

const address = fc.oneof(
  fc
    .record({ kind: fc.constantFrom("role", "user", "group", "webhook"), name: key })
    .map(({ kind, name }) => `${kind}/${name}`),
  fc
    .record({ group: fc.oneof(fc.constantFrom("lobby", "den"), part), uid: part })
    .map(({ group, uid }) => `membership/${group}:${uid}`),
);

const value = fc.oneof(
  hostileText,
  fc.integer(),
  fc.constant(null),
  fc.constant({ $secret: "group/den#password" }),
  fc.array(hostileText, { maxLength: 3 }),
  fc.record({ note: hostileText }),
  fc.string({ minLength: 50, maxLength: 90 }),
);

const attribute = fc.record({
  path: fc.oneof(fc.constant("name"), hostileText),
  before: value,
  after: value,
});

const change: fc.Arbitrary<PlanChange> = fc
  .record({
    address,
    action: fc.constantFrom<PlanChange["action"]>(
      "create",
      "update",
      "delete",
      "delete",
      "adopt",
      "reactivate",
      "forget",
    ),
    attributes: fc.array(attribute, { maxLength: 3 }),
    reason: hostileText,
    file: fc.option(hostileText, { nil: undefined }),
    soft: fc.boolean(),
  })
  .map(({ address: name, action, attributes, reason, file, soft }) =>
    toChange(action, name, {
      attributes,
      ...(action === "delete" ? { reason } : {}),
      ...(action === "delete" && soft ? { soft } : {}),
      ...(file === undefined ? {} : { source: { file, line: 3, column: 1 } }),
    }),
  );

/** Deletions in such a number that they fill a comment, or more than that. */
const crowd: fc.Arbitrary<readonly PlanChange[]> = fc
  .record({ count: fc.integer({ min: 0, max: 6_000 }), parents: fc.integer({ min: 0, max: 40 }) })
  .map(({ count, parents }) =>
    Array.from({ length: count }, (_, index) => {
      const name = `n${String(index).padStart(4, "0")}`;
      const isMember = parents > 0 && index % 3 === 0;
      return toChange(
        "delete",
        isMember ? `membership/p${index % parents}:${name}` : `user/${name}`,
        { reason: "gone" },
      );
    }),
  );

/** A plan with whatever somebody could have named things, sometimes with a crowd of deletions. */
export const hostilePlan: fc.Arbitrary<Plan> = fc
  .record({
    changes: fc.uniqueArray(change, { maxLength: 30, selector: ({ address: name }) => name }),
    crowd: fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, crowd),
    texts: fc.array(hostileText, { minLength: 1, maxLength: 4 }),
    severity: fc.constantFrom("error", "warning"),
    isNamed: fc.boolean(),
  })
  .map(({ changes, crowd: others, texts, severity, isNamed }) => {
    const all = [...changes, ...others];
    const [text = "", hint = "x"] = texts;
    const steps = all.map(
      (one, index): Step => ({
        ...toStep(`s${index}`, { method: "PUT", path: `/users/${index}`, body: { text } }, [
          one.address,
        ]),
        dependsOn: index % 7 === 0 ? [] : [`s${index - (index % 7)}`],
      }),
    );
    const diagnostics = texts.map(
      (summary) => ({ severity, code: "policy/budget", summary, hint }) as const,
    );
    return toPlan({ changes: all, steps, diagnostics, kept: texts, stack: isNamed ? text : null });
  });

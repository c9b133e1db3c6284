import { describe, expect, test } from "vitest";
import { markdownMax, renderMarkdown } from "../../../src/render/markdown.ts";
import { toChange, toPlan } from "../../support/plan.ts";
import { emptyPlan, largePlan, refusedPlan, smallPlan } from "../../support/review/plans.ts";
import { deletionsIn, tableCountsOf } from "../../support/review/read-back.ts";

const deletes = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    toChange("delete", `user/user-${String(index).padStart(5, "0")}`, {
      reason: "not declared, owned",
    }),
  );

test("a comment has the counts, what goes, what changes, the calls, the digest and the command", () => {
  expect(
    renderMarkdown(smallPlan(), { next: "cometform apply --expect-digest 9f2c" }),
  ).toMatchInlineSnapshot(`
    "<!-- cometform:plan acme-staging -->
    ### Plan: **+ 5** to create, **~ 3** to update, **> 1** to adopt, **− 3** to delete

    For acme-staging · app 2634f0 (us) · vendor API · read 1,204 objects in 9 calls, complete

    - 1 protected, kept · 214 unchanged
    - 2 of them cannot be undone
    - 2 users in the app are not declared: left alone
    - 10 calls (10 core), the fewest possible

    > [!NOTE]
    > **Note** \`plan/no-effect\`: the password of group/help cannot be read back  
    > To send it again: --write-secret group/help#password.

    #### − 3 to delete

    - **−** \`membership/lobby:dave\` deleted; can be made again · not declared, owned
    - **−** \`user/dave\` deleted; cannot be undone · not declared, owned
    - **−** \`group/old-help\` deleted with 14 members; cannot be undone · not declared, owned

    <details>
    <summary><b><code>role</code></b>: 1 to create</summary>

    | | resource | what changes | declared |
    |---|---|---|---|
    | + | \`role/support\` | \`name\` \`"Support"\`<br>\`description\` \`"People who answer"\` | \`cometform.yaml:6\` |

    </details>

    <details>
    <summary><b><code>user</code></b>: 1 to create, 1 to update, 1 to adopt</summary>

    | | resource | what changes | declared |
    |---|---|---|---|
    | ~ | \`user/alice\` | \`name\` \`"Alice"\` → \`"Alice Ammer"\`<br>\`role\` \`default\` → \`support\`<br>\`metadata.bio\`<br>− \`Answers questions about orders and deliveries on weekdays, from nine to five.\`<br>+ \`Answers questions about orders, deliveries and refunds, every day from eight to eight.\`<br>\`tags\` + \`support\` − \`beta\` (2 kept) | \`cometform.yaml:12\` |
    | + | \`user/bob\` | \`name\` \`"Bob"\`<br>\`role\` \`support\`<br>\`metadata.@private\` (secret) | \`cometform.yaml:20\` |
    | > | \`user/carol\` | adopted: exists, not yet marked as ours | \`cometform.yaml:26\` |

    </details>

    <details>
    <summary><b><code>group</code></b>: 1 to create · members: 2 to create, 1 to update</summary>

    | | resource | what changes | declared |
    |---|---|---|---|
    | + | \`group/help\` | \`name\` \`"Help desk"\`<br>\`type\` \`password\`<br>\`password\` (secret)<br>\`owner\` \`alice\`<br>members \`+ bob (participant)\` \`+ carol (participant)\` | \`cometform.yaml:31\` |
    | ~ | \`group/lobby\` | members \`~ alice participant → admin\` − 1 (above) | \`cometform.yaml:41\` |

    </details>

    <details>
    <summary><b><code>webhook</code></b>: 1 to update</summary>

    | | resource | what changes | declared |
    |---|---|---|---|
    | ~ | \`webhook/audit\` | \`triggers\` + \`message_edited\` + \`user_blocked\` − \`message_deleted\` (1 kept) | \`cometform.yaml:52\` |

    </details>

    <details>
    <summary>1 protected, kept</summary>

    - \`user/ceo\` kept: protected by policy.protect user/ceo · cometform.yaml:3

    </details>

    <details>
    <summary>10 calls</summary>

    \`\`\`
     1  POST /roles {"role":"support","name":"Support"}
     2  PUT /users/alice {"role":"support"}
     3  POST /users {"uid":"bob","role":"support"}
     4  PUT /users/carol {"tags":["acme"]}
     5  POST /groups {"guid":"help","type":"password","password":"***"}
     6  PUT /groups/lobby/members/alice
     7  DELETE /groups/lobby/members/dave
     8  PUT /webhooks/audit
     9  DELETE /users/dave
    10  DELETE /groups/old-help
    \`\`\`

    </details>

    Digest \`9f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d7\`. To apply exactly this:

    \`\`\`sh
    cometform apply --expect-digest 9f2c
    \`\`\`
    "
  `);
});

test("a comment of a refused plan says why first, and has no command", () => {
  const text = renderMarkdown(refusedPlan(), { next: "cometform apply" });
  expect(text.split("\n\n").slice(0, 3)).toMatchInlineSnapshot(`
    [
      "<!-- cometform:plan acme-staging -->
    ### Refused plan: **+ 5** to create, **~ 3** to update, **> 1** to adopt, **− 3** to delete",
      "For acme-staging · app 2634f0 (us) · vendor API · read 1,204 objects in 9 calls, complete",
      "> [!CAUTION]
    > **Refused** \`policy/budget\`: 2 users would be deleted, and policy.budget.delete.user is 1  
    > user/dave and user/mallory are not declared any more.  
    > cometform.yaml:4. If that is meant: --allow delete:user=2.",
    ]
  `);
  expect(text).not.toContain("cometform apply");
});

test("a comment of a plan without changes is a few lines", () => {
  expect(renderMarkdown(emptyPlan(), { next: "cometform apply" })).toMatchInlineSnapshot(`
    "<!-- cometform:plan acme-staging -->
    ### No changes: 1,204 objects match · 12 not declared, left alone

    For acme-staging · app 2634f0 (us) · vendor API · read 1,204 objects in 9 calls, complete

    Digest \`9f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d7\`
    "
  `);
});

describe("deletions", () => {
  test.each([[600], [4_000], [5_000]])("%i are listed, all of them", (count) => {
    const text = renderMarkdown(toPlan({ changes: deletes(count) }));
    const { listed, left } = deletionsIn(text);
    expect({ listed: new Set(listed).size, left }).toEqual({ listed: count, left: 0 });
    expect(text).not.toContain("[!CAUTION]");
  });

  test("that do not fit are counted in a warning, which says where they are", () => {
    const text = renderMarkdown(toPlan({ changes: deletes(20_000) }), { elsewhere: "plan.html" });
    const { listed, left } = deletionsIn(text);
    expect(listed.length).toBeGreaterThan(4_500);
    expect(left).toBe(20_000 - listed.length);
    expect(text).toContain("they do not fit into a comment. The whole plan: `plan.html`.");
    expect(text.indexOf("[!CAUTION]")).toBeLessThan(text.indexOf("#### −"));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(markdownMax);
  });
});

test("what is cut is cut from the end, and said with its number", () => {
  const text = renderMarkdown(largePlan(1_000), { next: "cometform apply" });
  const { left } = deletionsIn(text);
  expect(left).toBe(0);
  expect(text.trimEnd().split("\n\n").slice(-3)).toMatchInlineSnapshot(`
    [
      "Not all fits into a comment: 354 of 900 rows of <code>user</code>, 999 of 1,000 calls. The whole plan: \`cometform plan\`, or its file of \`--html\`.",
      "Digest \`9f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d79f2c41d7\`. To apply exactly this:",
      "\`\`\`sh
    cometform apply
    \`\`\`",
    ]
  `);
});

test("the counts add up even where a file says that a member comes into a group that goes", () => {
  const changes = [toChange("delete", "group/lobby"), toChange("create", "membership/lobby:ann")];
  const text = renderMarkdown(toPlan({ changes }));
  expect(tableCountsOf(text)).toEqual({ create: 1 });
  expect(deletionsIn(text)).toEqual({ listed: ["group/lobby"], left: 0 });
});

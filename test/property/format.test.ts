import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDocument } from "yaml";
import { formatManifest } from "../../src/manifest/format.ts";
import { cometchat } from "../../src/providers/cometchat/index.ts";
import { loadText } from "../support/manifest-text.ts";
import { manifestText } from "../support/yaml/manifest.ts";

const runs = Number(process.env["COMETFORM_WORLDS"] ?? 150);
const variables = { A: "true" };

/** What YAML itself takes a text for; `undefined` where it is none. */
function readValue(text: string): unknown {
  const document = parseDocument(text.replace(/^\uFEFF/, ""), {
    logLevel: "error",
    merge: true,
    prettyErrors: false,
    resolveKnownTags: false,
    uniqueKeys: false,
  });
  return document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: -1 });
}

/** The numbers of the comments, each of which is there once. */
function commentsOf(text: string): readonly string[] {
  const found = text.match(/#\s*c\d+[^\n\r]*/g) ?? [];
  return found.map((comment) => comment.trimEnd()).sort();
}

function format(text: string) {
  return formatManifest({ file: "m.yaml", text }, cometchat.schema);
}

/** What a manifest means to the tool, or what is wrong with it. */
function meaningOf(text: string): unknown {
  const { diagnostics, ...result } = loadText(text, { variables });
  return result.ok
    ? { sections: result.value.sections, stack: result.value.stack, policy: result.value.policy }
    : diagnostics.map(({ code, summary }) => `${code} ${summary}`).sort();
}

test("formatting changes no meaning, keeps every comment once, and has nothing to do a second time", () => {
  let formatted = 0;
  let valid = 0;
  fc.assert(
    fc.property(manifestText, (text) => {
      const once = format(text);
      if (!once.ok) {
        expect(once.diagnostics.map(({ code }) => code)).not.toContain("manifest/not-formattable");
        return;
      }
      formatted += 1;
      valid += loadText(text, { variables }).ok ? 1 : 0;
      expect(readValue(once.value)).toEqual(readValue(text));
      expect(commentsOf(once.value)).toEqual(commentsOf(text));
      expect(meaningOf(once.value)).toEqual(meaningOf(text));
      expect(format(once.value)).toEqual({ ok: true, value: once.value, diagnostics: [] });
    }),
    { numRuns: runs },
  );
  // Else nothing would have been compared.
  expect(formatted).toBeGreaterThan(runs / 3);
  expect(valid).toBeGreaterThan(runs / 20);
});

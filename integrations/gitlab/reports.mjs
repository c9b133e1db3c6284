// Makes of what `cometform plan --json` printed the reports that a merge request shows.
// Plain Node without packages: node reports.mjs plan.json, in the folder of the manifests.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join, posix, relative, resolve, sep } from "node:path";

const found = read(process.argv[2]);
const root = process.env.CI_PROJECT_DIR || ".";

write("gl-code-quality-report.json", JSON.stringify(toFindings(found), null, 2));
write("gl-changes-report.json", JSON.stringify(toCounts(found.summary ?? {})));

function write(name, text) {
  writeFileSync(join(root, name), text);
}

/** A plan that was not made at all left nothing; the job's log says why. */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return {};
  }
}

/** The widget knows three counts (documented for Terraform's plans: create, update, delete). */
function toCounts({ create = 0, update = 0, delete: gone = 0, ...others }) {
  const { adopt = 0, reactivate = 0, forget = 0 } = others;
  return { create: create + reactivate, update: update + adopt + forget, delete: gone };
}

/** What is wrong and what would be deleted, each with its line; the form wants a place for each. */
function toFindings({ diagnostics = [], changes = [] }) {
  const problems = diagnostics.map(({ severity, code, summary, hint, address, range }) => ({
    check: code,
    severity: severity === "error" ? "critical" : "minor",
    text: [address === undefined ? summary : `${address}: ${summary}`, hint]
      .filter(Boolean)
      .join(". "),
    range,
  }));
  const deletes = changes
    .filter(({ action, impliedBy }) => action === "delete" && impliedBy === undefined)
    .map(({ address, reason, reversal, source }) => ({
      check: "plan/delete",
      severity: reversal === "irreversible" ? "critical" : "major",
      text: [`Apply deletes ${address}`, reason].filter(Boolean).join(": "),
      range: source,
    }));
  return [...problems, ...deletes].map(({ check, severity, text, range }) => ({
    check_name: check,
    severity,
    description: text,
    fingerprint: createHash("sha256").update(`${check} ${text}`).digest("hex"),
    location: { path: toPath(range?.file), lines: { begin: range?.line ?? 1 } },
  }));
}

function toPath(file) {
  const path = file === undefined || file === "-" ? "cometform.yaml" : file;
  return posix.normalize(relative(root, resolve(path)).split(sep).join("/"));
}

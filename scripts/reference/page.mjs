// The page that tells every attribute of a manifest, as Markdown, from the schemas.
import { stringify } from "yaml";

/** Ids for the examples; any other kind's is called after it. */
const ids = { role: "moderator", user: "alice", group: "lobby", webhook: "audit" };

const head = `# Every attribute

Written by \`npm run reference\` from [the schemas](../schemas/manifest.schema.json) that editors and \`cometform validate\` use; \`cometform
explain NAME\` says the same at the command line. [The manifest](manifest.md) explains how it all works together.

An attribute that is left out is not managed: what the app has stays. Where *null* says yes, \`null\` clears what the app has; what that
means for the attribute is told behind it. *Write-only* is what is sent and never read back: its value is always one \`\${NAME}\`. Wherever a
text may stand, \`\${NAME}\` may be in it, and the limits hold for what it becomes.
`;

/** The page. */
export function toPage({ list, manifest, provider }) {
  const sections = provider.properties;
  const top = Object.keys(manifest.properties).filter((name) => !(name in sections));
  return [
    head,
    "## At the top",
    "",
    toTable(list().filter(({ path: [name] }) => top.includes(name))),
    ...Object.entries(sections).flatMap(([section, { additionalProperties: entry }]) => {
      const kind = entry.$ref.split("/").at(-1);
      return toKind({ section, kind, id: ids[kind] ?? `my-${kind}` }, { list, provider });
    }),
  ].join("\n");
}

function toKind({ section, kind, id }, { list, provider }) {
  const { properties, $defs } = provider;
  const keys = properties[section].propertyNames;
  const absent = Object.entries($defs[kind]["x-absent"] ?? {});
  return [
    `## ${section[0].toUpperCase()}${section.slice(1)}`,
    "",
    `${$defs[kind].description} Under \`${section}\`, by id: 1 to ${keys.maxLength} ${keys["x-rule"].replaceAll('"', "`")}.`,
    "",
    toTable([...tablesOf(list, section), ...list(section, "*")]),
    ...absent.map(
      ([name, { because, instead }]) =>
        `There is no \`${name}\`. ${because} Instead ${instead.replace(/[\w.]+: \S+\/ID/, "`$&`")}.\n`,
    ),
    ...$defs[kind].examples.flatMap((example) => [
      "```yaml",
      stringify({ [section]: { [id]: example } }, { lineWidth: 100 }).trimEnd(),
      "```",
      "",
    ]),
  ];
}

/** What stands beside the ids: where more entries are. */
function tablesOf(list, section) {
  const beside = list(section);
  return beside.filter(({ path }) => path.length === 1 && path[0] !== "*");
}

function toTable(attributes) {
  const rows = attributes.map((attribute) => {
    const path = attribute.path.join(".").replaceAll(".[]", "[]");
    const remarks = [
      ...(attribute.isRequired ? ["Required."] : []),
      ...(attribute.default === undefined
        ? []
        : [`The default is \`${JSON.stringify(attribute.default)}\`.`.replaceAll('"', "")]),
      ...(attribute.isSecret ? ["Write-only."] : []),
      ...attribute.notes,
    ];
    const about = [attribute.description, ...remarks].join(" ");
    const cells = [`\`${path}\``, valueWords(attribute), attribute.isNullable ? "yes" : "–", about];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  return ["| attribute | is | null | |", "| --- | --- | --- | --- |", ...rows, ""].join("\n");
}

function valueWords({ type, limits, values }) {
  const all = values.map((value) => `\`${value}\``);
  return [type, ...limits, ...(all.length > 0 ? [all.join(", ")] : [])]
    .filter((one) => one !== "")
    .join("; ");
}

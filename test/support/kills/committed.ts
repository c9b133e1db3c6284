/** What the emulator tells of a request. */
export interface Logged {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly committed: boolean;
}

type Body = { readonly [name: string]: unknown };

/** Writes that the app carried out more than once, row by row. */
export function repeatedWrites(log: readonly Logged[]): readonly string[] {
  const rows = log.filter(({ committed }) => committed).flatMap(rowsOf);
  const seen = new Set<string>();
  return rows.filter((row) => seen.size === seen.add(row).size);
}

/** One line for each resource that a call writes, the same whether it goes out alone or in an import. */
function rowsOf({ method, path, body }: Logged): readonly string[] {
  const [, what] = /^(?:\/v3)?\/data_import\/(\w+)$/.exec(path) ?? [];
  if (what !== undefined) return importedRows(what, body as Body);
  const { members, ...rest } = (body ?? {}) as Body;
  const isBatch = method !== "DELETE" && path.endsWith("/members");
  const place = isBatch ? path : `/v3/groups/${String(rest["guid"])}/members`;
  const lists = (isBatch ? rest : (members ?? {})) as Body;
  const joined = ["admins", "moderators", "participants"].flatMap((list) =>
    ((lists[list] ?? []) as readonly string[]).map((uid) => `${place} ${uid}`),
  );
  return isBatch ? joined : [`${method} ${path} ${JSON.stringify(rest)}`, ...joined];
}

function importedRows(what: string, body: Body): readonly string[] {
  const rows = Object.values((body[what] ?? {}) as { readonly [id: string]: Body });
  return rows.map((row) =>
    what === "members"
      ? `/v3/groups/${String(row["guid"])}/members ${String(row["uid"])}`
      : `POST /v3/${what} ${JSON.stringify(row)}`,
  );
}

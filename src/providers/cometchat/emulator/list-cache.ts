/**
 * Remembers the rows that a list query selects until something is written, so that reading a long
 * list page by page selects only once.
 */
export interface ListCache {
  rows<Row>(key: string, select: () => readonly Row[]): readonly Row[];
  /** Rows that outlive writes, as long as the version is the same. */
  live<Row>(key: string, version: number, create: () => LiveRows<Row>): LiveRows<Row>;
  /** Says that something was written. */
  written(): void;
  clear(): void;
}

/** Rows that are selected only as far as somebody reads them. */
export interface LiveRows<Row> {
  /** The first so many rows, or all if there are no more; perhaps more than asked for. */
  upTo(count: number): readonly Row[];
}

interface Live {
  readonly version: number;
  readonly rows: LiveRows<unknown>;
}

const listsMax = 16;

/** Creates an empty cache. */
export function createListCache(): ListCache {
  const lists = new Map<string, readonly unknown[]>();
  const lives = new Map<string, Live>();
  return {
    rows<Row>(key: string, select: () => readonly Row[]): readonly Row[] {
      const known = lists.get(key);
      // A key names the collection, and each collection has one type of row.
      if (known !== undefined) return known as readonly Row[];
      if (lists.size >= listsMax) lists.clear();
      const rows = select();
      lists.set(key, rows);
      return rows;
    },
    live<Row>(key: string, version: number, create: () => LiveRows<Row>): LiveRows<Row> {
      const known = lives.get(key);
      if (known?.version === version) return known.rows as LiveRows<Row>;
      if (lives.size >= listsMax) lives.clear();
      const rows = create();
      lives.set(key, { version, rows });
      return rows;
    },
    written: () => lists.clear(),
    clear() {
      lists.clear();
      lives.clear();
    },
  };
}

/**
 * Selects rows of a map in its order. What is added to the map later is at its end and is found like
 * all else; as soon as a row is taken out or changes sides, the selection is of no use any more.
 */
export function createLiveRows<Row>(
  all: ReadonlyMap<string, Row>,
  isWanted: (row: Row) => boolean,
): LiveRows<Row> {
  const rest = all.values();
  const rows: Row[] = [];
  let seen = 0;
  return {
    upTo(count) {
      // An iterator that has once come to its end does not see what is added later.
      while (rows.length < count && seen < all.size) {
        const { value } = rest.next();
        seen += 1;
        if (value !== undefined && isWanted(value)) rows.push(value);
      }
      return rows;
    },
  };
}

/**
 * Remembers the rows that a list query selects until something is written, so that reading a long
 * list page by page selects only once.
 */
export interface ListCache {
  rows<Row>(key: string, select: () => readonly Row[]): readonly Row[];
  clear(): void;
}

const listsMax = 16;

/** Creates an empty cache. */
export function createListCache(): ListCache {
  const lists = new Map<string, readonly unknown[]>();
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
    clear: () => lists.clear(),
  };
}

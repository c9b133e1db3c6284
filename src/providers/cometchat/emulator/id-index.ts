/** Finds ids by their beginning without looking at all of them. */
export interface IdIndex {
  /** Says that there is an id that was not there. */
  add(id: string): void;
  /** The ids that begin with a text, in the order in which they were added; also some that are gone. */
  startingWith(text: string, all: () => Iterable<string>): readonly string[];
}

// So many ids are looked at one by one rather than sorted in among a million others.
const unsortedMax = 4096;

/**
 * Creates an index that is built from all ids when it is first asked, and costs nothing before.
 *
 *     ids      c  a  b  ab | ba        in the order of creation
 *     sorted   1  3  2  0  |           places in ids, by id; what is behind the bar is not sorted yet
 */
export function createIdIndex(): IdIndex {
  let ids: string[] | undefined;
  let sorted = new Uint32Array();

  function idAt(place: number): string {
    return ids?.[place] ?? "";
  }

  function sort(count: number): void {
    sorted = Uint32Array.from({ length: count }, (_, place) => place);
    sorted.sort((a, b) => (idAt(a) < idAt(b) ? -1 : Number(idAt(a) > idAt(b))));
  }

  /** The first place in `sorted` whose id is not below a text. */
  function firstFrom(text: string): number {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (idAt(sorted[middle] ?? 0) < text) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function placesOf(text: string, count: number): number[] {
    const places: number[] = [];
    for (let at = firstFrom(text); at < sorted.length; at += 1) {
      const place = sorted[at] ?? 0;
      if (!idAt(place).startsWith(text)) break;
      places.push(place);
    }
    for (let place = sorted.length; place < count; place += 1) {
      if (idAt(place).startsWith(text)) places.push(place);
    }
    return places.sort((a, b) => a - b);
  }

  return {
    add: (id) => void ids?.push(id),
    startingWith(text, all) {
      ids ??= [...all()];
      if (ids.length - sorted.length > unsortedMax) sort(ids.length);
      // An id that was gone and came back counts where it came back.
      const found = new Set(placesOf(text, ids.length).map(idAt).reverse());
      return [...found].reverse();
    },
  };
}

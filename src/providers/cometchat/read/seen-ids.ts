/** Ids that came by, in a few bytes each. */
export interface SeenIds {
  readonly size: number;
  /** Adds an id; `false` when it was there already. */
  add(id: string): boolean;
}

const SLOTS_MIN = 1024;
/** As full as the table may be, in parts of its slots. */
const FULL = 0.5;

/*
 * A listing of a million rows has a million ids, and all that is asked of them is whether one came
 * twice. So not the texts are kept but 64 bits of each. Two of a million that share theirs by chance are
 * one case in 37 million, and then the listing is taken for one that moved: nothing is deleted.
 */
/** Starts with none. */
export function createSeenIds(): SeenIds {
  let slots = new Uint32Array(2 * SLOTS_MIN);
  let size = 0;
  const grow = () => {
    const before = slots;
    slots = new Uint32Array(2 * before.length);
    for (let at = 0; at < before.length; at += 2) {
      const high = before[at] ?? 0;
      if (high !== 0) put(slots, high, before[at + 1] ?? 0);
    }
  };
  return {
    get size() {
      return size;
    },
    add(id) {
      const { high, low } = hash(id);
      if (!put(slots, high, low)) return false;
      size += 1;
      if (size > (slots.length / 2) * FULL) grow();
      return true;
    },
  };
}

/** Puts an id in the first free slot from its own on; `false` when it is there. */
function put(slots: Uint32Array, high: number, low: number): boolean {
  const mask = slots.length / 2 - 1;
  for (let slot = low & mask; ; slot = (slot + 1) & mask) {
    const at = 2 * slot;
    if (slots[at] === 0) {
      slots[at] = high;
      slots[at + 1] = low;
      return true;
    }
    if (slots[at] === high && slots[at + 1] === low) return false;
  }
}

/** Two FNV-1a hashes from different starts, stirred; a zero in `high` would mean a free slot. */
function hash(id: string): { readonly high: number; readonly low: number } {
  let high = 0x811c9dc5;
  let low = 0x9e3779b9;
  for (let at = 0; at < id.length; at += 1) {
    const unit = id.charCodeAt(at);
    high = Math.imul(high ^ unit, 0x01000193);
    low = Math.imul(low ^ unit, 0x85ebca6b);
    low = (low << 13) | (low >>> 19);
  }
  return { high: stir(high) || 1, low: stir(low) };
}

function stir(bits: number): number {
  let stirred = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  stirred = Math.imul(stirred ^ (stirred >>> 15), 0x846ca68b);
  return (stirred ^ (stirred >>> 16)) >>> 0;
}

/** Sheets side by side: each has a lane from its first event to its last, and lanes are given again when they are free. */

export const MOST_LANES = 6;

export class Lanes {
  constructor() {
    this.slots = [];
    this.colours = new Map();
  }

  /** @param sheets number to the keys of its first and last event; sheet 0 is the job as a whole and has none */
  arrange(sheets) {
    this.slots = [];
    const spans = [...sheets].filter(([sheet]) => sheet > 0).map(([sheet, keys]) => ({ sheet, ...keys }));
    spans.sort((a, b) => a.first - b.first);
    spans.forEach((span, i) => {
      this.colours.set(span.sheet, i % MOST_LANES);
      const free = this.slots.find((slot) => slot.at(-1).last < span.first);
      if (free) free.push(span);
      else if (this.slots.length < MOST_LANES) this.slots.push([span]);
    });
  }

  get width() {
    return this.slots.length;
  }

  colourOf(sheet) {
    return this.colours.get(sheet);
  }

  /** The sheet whose lane runs through a slot at a key. */
  at(slot, key) {
    const spans = this.slots[slot] ?? [];
    for (let i = spans.length - 1; i >= 0; i--) {
      if (spans[i].first <= key) return spans[i].last >= key ? spans[i].sheet : undefined;
    }
    return undefined;
  }
}

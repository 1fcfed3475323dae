// Finds the route of a record by the numbers of its names, without making a text of them.

/** Numbers that make a route: its kind and ten names. */
export const ROUTE_WIDTH = 11;

/** A hash table with open addressing from rows of `ROUTE_WIDTH` numbers to values, numbered in the order in which they came. */
export class RouteTable<Value> {
  readonly values: Value[] = [];
  #rows = new Int32Array(64 * ROUTE_WIDTH);
  #slots = new Int32Array(128).fill(-1);

  /** The value of a row, made where the row is new. */
  find(row: Int32Array, make: () => Value): Value {
    const mask = this.#slots.length - 1;
    let slot = hashRow(row, 0) & mask;
    for (;;) {
      const index = this.#slots[slot]!;
      if (index < 0) break;
      if (this.#equals(index * ROUTE_WIDTH, row)) return this.values[index]!;
      slot = (slot + 1) & mask;
    }
    return this.#add(slot, row, make());
  }

  #equals(start: number, row: Int32Array): boolean {
    for (let column = 0; column < ROUTE_WIDTH; column++) {
      if (this.#rows[start + column] !== row[column]) return false;
    }
    return true;
  }

  #add(slot: number, row: Int32Array, value: Value): Value {
    const index = this.values.length;
    if ((index + 1) * ROUTE_WIDTH > this.#rows.length) {
      const rows = new Int32Array(this.#rows.length * 2);
      rows.set(this.#rows);
      this.#rows = rows;
    }
    this.#rows.set(row, index * ROUTE_WIDTH);
    this.#slots[slot] = index;
    this.values.push(value);
    if (this.values.length * 2 > this.#slots.length) this.#rehash();
    return value;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = this.#slots.length - 1;
    for (let index = 0; index < this.values.length; index++) {
      let slot = hashRow(this.#rows, index * ROUTE_WIDTH) & mask;
      while (this.#slots[slot] !== -1) slot = (slot + 1) & mask;
      this.#slots[slot] = index;
    }
  }
}

/** Multiplication by an odd constant and a shift for each number (the finaliser of MurmurHash3, Appleby, public domain). */
function hashRow(rows: Int32Array, start: number): number {
  let hash = 0;
  for (let column = 0; column < ROUTE_WIDTH; column++) {
    hash = Math.imul(hash ^ rows[start + column]!, 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}

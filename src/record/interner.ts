// Texts as numbers, given out in the order in which they first came.

export class Interner {
  readonly texts: string[] = [];
  readonly #ids = new Map<string, number>();

  /** The number of a text, from 0. */
  id(text: string): number {
    let id = this.#ids.get(text);
    if (id === undefined) {
      id = this.texts.length;
      this.#ids.set(text, id);
      this.texts.push(text);
    }
    return id;
  }
}

// The texts of a record that come again and again, as numbers: what both the columns and the sums are keyed by.
import { OPERATION_KINDS, type OperationRecord } from '../core/operation.ts';
import { Interner } from './interner.ts';

/** The columns of the operations table that hold such texts, in their order there. */
export const NAME_COLUMNS = [
  'experiment',
  'workflow',
  'activity',
  'scope',
  'source',
  'sourceSite',
  'destination',
  'destinationSite',
  'cache',
  'protocol',
  'service',
  'errorClass',
  'limiter',
] as const;
export type NameColumn = (typeof NAME_COLUMNS)[number];

const KIND_NUMBERS = new Map<string, number>(OPERATION_KINDS.map((kind, index) => [kind, index]));

/** Reads the names of one record after the other. */
export class RecordNames {
  readonly interner = new Interner();
  /** Of the record read last: a number for each of `NAME_COLUMNS`. */
  readonly ids = new Int32Array(NAME_COLUMNS.length);
  /** Of the record read last: the place of its kind in `OPERATION_KINDS`. */
  kind = 0;
  readonly #last: string[];

  constructor() {
    const empty = this.interner.id('');
    this.ids.fill(empty);
    this.#last = NAME_COLUMNS.map(() => '');
  }

  read(record: OperationRecord): void {
    this.kind = KIND_NUMBERS.get(record.kind)!;
    this.#column(0, record.experiment);
    this.#column(1, record.workflow);
    this.#column(2, record.activity);
    this.#column(3, record.scope);
    this.#column(4, record.source);
    this.#column(5, record.sourceSite);
    this.#column(6, record.destination);
    this.#column(7, record.destinationSite);
    this.#column(8, record.cache);
    this.#column(9, record.protocol);
    this.#column(10, record.service);
    this.#column(11, record.errorClass);
    this.#column(12, record.limiter);
  }

  #column(index: number, text: string): void {
    if (this.#last[index] === text) return;
    this.#last[index] = text;
    this.ids[index] = this.interner.id(text);
  }
}

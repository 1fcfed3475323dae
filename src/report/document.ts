// The report as data: pages made of sections made of blocks. Every format (HTML, Markdown, JSON) is written from it.
import type { ExpectationVerdict, RunVerdict } from '../record/summary.ts';
import type { ChartDrawing } from './charts/drawing.ts';

export const REPORT_SCHEMA = 'fdr.report/1';

export interface ReportDocument {
  readonly title: string;
  readonly version: string;
  readonly verdict: RunVerdict;
  /** The front page first. */
  readonly pages: readonly Page[];
}

export const PAGE_KINDS = ['overview', 'site', 'service', 'experiment'] as const;
export type PageKind = (typeof PAGE_KINDS)[number];

export interface Page {
  /** Unique in the report and safe in an address: `site-cern`. */
  readonly id: string;
  readonly kind: PageKind;
  /** As in the navigation. */
  readonly name: string;
  readonly title: string;
  /** What kind of thing this is, in a few words, above the title. */
  readonly overline: string;
  readonly verdict: ExpectationVerdict | RunVerdict | undefined;
  /** The page in one or two sentences. */
  readonly lead: string;
  readonly sections: readonly Section[];
}

export interface Section {
  /** Unique in its page. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Block = ParagraphBlock | ListBlock | FactsBlock | TableBlock | ChartBlock;

export interface ParagraphBlock {
  readonly kind: 'paragraph';
  readonly text: string;
}

/** Numbered sentences, the most important first. */
export interface ListBlock {
  readonly kind: 'list';
  readonly items: readonly ListItem[];
}

/** A handful of figures, each with its name. */
export interface ListItem {
  readonly text: string;
  /** Where there is more about it: a page and its name, or empty. */
  readonly page: string;
  readonly pageName: string;
}

export interface FactsBlock {
  readonly kind: 'facts';
  readonly items: readonly Fact[];
}

export interface Fact {
  readonly label: string;
  readonly value: Cell;
  readonly note: string;
}

export interface TableBlock {
  readonly kind: 'table';
  /** Unique in its page. */
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface Column {
  /** Stable name with its unit last, for those who read the JSON: `asked_bytes`. */
  readonly id: string;
  readonly title: string;
  readonly align: 'text' | 'number';
}

/** What a table shows in one place: a raw value to sort and compute by, and its text. */
export interface Cell {
  /** In the base unit that the column's id names; null where there is nothing. */
  readonly value: string | number | null;
  readonly text: string;
  /** Id of the page that is about it, or empty. */
  readonly page: string;
  /** Shown as a verdict, with its shape. */
  readonly verdict: ExpectationVerdict | RunVerdict | undefined;
}

export interface ChartBlock {
  readonly kind: 'chart';
  /** Unique in its page. */
  readonly id: string;
  readonly title: string;
  /** The chart's main number in words: what a reader who cannot see it needs. */
  readonly caption: string;
  readonly drawing: ChartDrawing;
}

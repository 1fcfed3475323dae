// One thing that mattered in a run, as a sentence with its weight.

export interface Finding {
  readonly severity: 'bad' | 'warning' | 'info';
  /** Plain English with its figures, ending in a full stop. */
  readonly sentence: string;
  /** What it is about: a page of the report may exist for it. Both empty: the whole run. */
  readonly subjectKind: 'site' | 'storage' | 'link' | 'network' | 'service' | 'cache' | 'experiment' | 'workflow' | '';
  readonly subject: string;
  readonly fromSeconds?: number;
}

/** A finding with the weight by which findings are ranked; 100 is an expectation that was not met. */
export interface WeighedFinding extends Finding {
  readonly weight: number;
}

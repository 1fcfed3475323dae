// What the check of a plan finds: that something fits, is tight, or cannot be.

export const SEVERITIES = ['ok', 'warning', 'error'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** `error`: infeasible, it cannot be whatever happens on the day. `warning`: it may not go as one thinks. */
export interface Finding {
  readonly severity: Severity;
  /** A stable kebab-case word. */
  readonly code: FindingCode;
  /** What it is about: `storage write EULAKE-1`, `network CERN -> DESY`, `SKA/pulsar-search`. */
  readonly subject: string;
  /** One sentence. */
  readonly text: string;
  /** For how much room there is: the one where there is least, `EULAKE-1`; empty otherwise. */
  readonly where: string;
  readonly fromSeconds: number | undefined;
  readonly toSeconds: number | undefined;
  readonly asked: number | undefined;
  readonly available: number | undefined;
  readonly unit: 'bytes per second' | 'bytes' | 'slots' | 'seconds' | 'share' | '';
  /** What to do about it, or empty. */
  readonly hint: string;
  /** The expectation that cannot hold, as written; empty where it is about none. */
  readonly expectation: string;
}

export type FindingCode =
  | 'headroom'
  | 'busy'
  | 'falls-behind'
  | 'over-capacity'
  | 'space'
  | 'meets-fault'
  | 'token-lifetime'
  | 'transfer-timeout'
  | 'no-third-party-copy'
  | 'expectation-cannot-hold';

/** A finding with what does not apply left out. */
export function finding(parts: Pick<Finding, 'severity' | 'code' | 'subject' | 'text'> & Partial<Finding>): Finding {
  return {
    fromSeconds: undefined,
    toSeconds: undefined,
    asked: undefined,
    available: undefined,
    unit: '',
    hint: '',
    where: '',
    expectation: '',
    ...parts,
  };
}

// Records for the tests of the recorder: whole, with only what a test cares about written out.
import type { OperationRecord } from '../core/operation.ts';

/** A transfer of 1 GB from DESY to CNAF, asked for at 06:00:00, that took 100 s. */
export function recordOf(parts: Partial<OperationRecord> = {}): OperationRecord {
  const intended = parts.intendedAtSeconds ?? 6 * 3600;
  return {
    id: 0,
    kind: 'transfer',
    experiment: 'SKA',
    workflow: 'pulsar-search',
    activity: 'Production',
    scope: 'SKA_SKAO_TEAM',
    dataset: 'pulsar-search.000000',
    name: 'pulsar-search.000000.000000',
    source: 'DESY-DCACHE',
    sourceSite: 'DESY',
    destination: 'CNAF-STORM',
    destinationSite: 'CNAF',
    cache: '',
    protocol: 'davs',
    service: 'transfers',
    sizeBytes: 1e9,
    intendedAtSeconds: intended,
    submittedAtSeconds: intended + 10,
    startedAtSeconds: intended + 20,
    firstByteAtSeconds: intended + 25,
    endedAtSeconds: intended + 100,
    attempts: 1,
    ordinal: 0,
    outcome: 'ok',
    errorClass: '',
    errorScope: '',
    limiter: 'network DESY -> CNAF',
    books: [
      { limiter: 'scheduler', seconds: 20 },
      { limiter: 'network DESY -> CNAF', seconds: 80 },
    ],
    ...parts,
  };
}

/** A failure of the same transfer. */
export function failureOf(parts: Partial<OperationRecord> = {}): OperationRecord {
  return recordOf({ outcome: 'failed', errorClass: 'timeout', errorScope: 'destination', ...parts });
}

/** An upload from a client at CERN to DESY-DCACHE. */
export function uploadOf(parts: Partial<OperationRecord> = {}): OperationRecord {
  return recordOf({
    kind: 'upload',
    source: '',
    sourceSite: 'CERN',
    destination: 'DESY-DCACHE',
    destinationSite: 'DESY',
    service: '',
    ...parts,
  });
}

/** A session at CERN that reads 1 GB from DESY-DCACHE. */
export function downloadOf(parts: Partial<OperationRecord> = {}): OperationRecord {
  return recordOf({ kind: 'download', destination: '', destinationSite: 'CERN', service: '', ...parts });
}

/** A rule of one copy at class SAFE. */
export function ruleOf(parts: Partial<OperationRecord> = {}): OperationRecord {
  return recordOf({
    kind: 'rule',
    name: '',
    source: '',
    sourceSite: '',
    destination: 'class=SAFE',
    destinationSite: '',
    protocol: '',
    service: 'catalogue',
    books: [],
    limiter: '',
    ...parts,
  });
}

// Makes routes: decides which subjects' sums and percentile views an operation counts for (record/aggregate.ts lists them).
import type { OperationKind } from '../core/operation.ts';
import { linkName, type SubjectKind } from '../core/sink.ts';
import type { ServiceName } from '../lake/lake.ts';
import { DurationCells } from './duration-cells.ts';
import {
  noCounts,
  type OutcomeGroup,
  type PairSums,
  type Route,
  type RouteDurations,
  type RouteKey,
  type WorkflowSums,
} from './route.ts';
import type { SeriesSet, SubjectSums } from './subject-sums.ts';

/** Operations that move bytes between two ends. */
const MOVING: ReadonlySet<OperationKind> = new Set(['upload', 'transfer', 'download', 'stage']);

/** What an operation of a kind adds to its workflow's volumes. */
const MOVED_BYTES: Partial<Record<OperationKind, string>> = {
  upload: 'injected_bytes',
  transfer: 'replicated_bytes',
  download: 'read_bytes',
};

/** The service that an operation is a request to, where its record does not name one. */
const SERVICE_BY_KIND: Partial<Record<OperationKind, ServiceName>> = {
  transfer: 'transfers',
  rule: 'catalogue',
  token: 'tokens',
};

/**
 * Minutes of one cell of time in percentile views. The finer, the more exactly a part of the run can be asked for; but where
 * operations are many, each falls into a cell of its own, and memory would grow with their number.
 */
const FINE_MINUTES = 1;
const COARSE_MINUTES = 5;

/** A subject that a set of series or a view counts for. */
interface Counted {
  readonly kind: SubjectKind;
  readonly name: string;
  /** `in_`, `out_`, or empty. */
  readonly prefix: string;
}

export class RouteBuilder {
  readonly #sums: SubjectSums;
  readonly #pairs = new Map<string, PairSums>();
  readonly #workflowSets = new Map<string, SeriesSet>();
  readonly #cells = new Map<string, DurationCells>();
  readonly #views = new Map<string, DurationCells[]>();
  readonly #outcomes = new Map<string, Map<string, OutcomeGroup>>();

  constructor(sums: SubjectSums) {
    this.#sums = sums;
  }

  /** What a subject's duration is kept in: nothing where nothing was counted. */
  views(kind: SubjectKind, subject: string, duration: string): readonly DurationCells[] {
    return this.#views.get(textKey(kind, subject, duration)) ?? [];
  }

  build(key: RouteKey): Route {
    const service = serviceOf(key);
    const serviceSeries = service === '' ? undefined : this.#sums.own('service', service);
    const readsCache = key.kind === 'download' && key.cache !== '';
    return {
      key,
      counts: noCounts(),
      firsts: 0,
      pair: MOVING.has(key.kind) ? this.#pair(key) : undefined,
      workflow: key.experiment === '' ? undefined : workflowSums(this.#workflowSet(key), key.kind),
      durations: this.#durations(key, service),
      serviceRequests: serviceSeries?.get('requests'),
      serviceFailures: serviceSeries?.get('failures'),
      cacheSessions: readsCache ? this.#sums.own('cache', key.cache).get('sessions') : undefined,
      limited: new Map(),
      outcomes: this.#outcomesOf(key),
    };
  }

  #pair(key: RouteKey): PairSums {
    const isTransfer = key.kind === 'transfer';
    const name = textKey(String(isTransfer), key.source, key.sourceSite, key.destination, key.destinationSite);
    let pair = this.#pairs.get(name);
    if (pair === undefined) {
      const ends = endsOf(key);
      const set = this.#sums.makeSet();
      const duration = new DurationCells(this.#sums.minutes, COARSE_MINUTES);
      for (const end of ends) this.#sums.share(end.kind, end.name, end.prefix, set);
      for (const end of uniqueSubjects(ends)) this.#addView(end, 'duration', duration);
      pair = {
        set,
        requested: set.get('requested'),
        requestedBytes: set.get('requested_bytes'),
        succeeded: set.get('succeeded'),
        failed: set.get('failed'),
        censored: set.get('censored'),
        doneBytes: set.get('done_bytes'),
        retries: set.get('retries'),
        duration,
      };
      this.#pairs.set(name, pair);
    }
    return pair;
  }

  #workflowSet(key: RouteKey): SeriesSet {
    const name = textKey(key.experiment, key.workflow);
    let set = this.#workflowSets.get(name);
    if (set === undefined) {
      set = this.#sums.makeSet();
      for (const owner of ownersOf(key)) this.#sums.share(owner.kind, owner.name, '', set);
      this.#workflowSets.set(name, set);
    }
    return set;
  }

  #durations(key: RouteKey, service: string): RouteDurations {
    const owners = ownersOf(key);
    const isRule = key.kind === 'rule';
    const ofWorkflow = (duration: string, wanted: boolean): DurationCells | undefined =>
      wanted && owners.length > 0
        ? this.#sharedCells(
            textKey(key.experiment, key.workflow, duration),
            owners,
            duration,
            isRule ? FINE_MINUTES : COARSE_MINUTES,
          )
        : undefined;
    // A download's activity is the name of its access.
    const access = accessSubject(key);
    const readers: Counted[] = [...owners, { kind: 'workflow', name: access, prefix: '' }];
    const ofAccess = (duration: string): DurationCells | undefined =>
      key.kind === 'download'
        ? this.#sharedCells(textKey(access, duration), readers, duration, COARSE_MINUTES)
        : undefined;
    return {
      whole: ofWorkflow('duration', MOVING.has(key.kind)),
      timeToData: ofWorkflow('time-to-data', isRule),
      timeToFirstCopy: ofWorkflow('time-to-first-copy', isRule),
      accessLatency: ofAccess('access-latency'),
      accessDuration: ofAccess('access-duration'),
      accessRate: ofAccess('access-rate'),
      serviceLatency:
        service === ''
          ? undefined
          : this.#sharedCells(
              textKey(service, 'latency'),
              [{ kind: 'service', name: service, prefix: '' }],
              'latency',
              FINE_MINUTES,
            ),
    };
  }

  /** Cells by name, made at first, that count for some subjects. */
  #sharedCells(name: string, subjects: readonly Counted[], duration: string, minutes: number): DurationCells {
    let cells = this.#cells.get(name);
    if (cells === undefined) {
      cells = new DurationCells(this.#sums.minutes, minutes);
      for (const subject of subjects) this.#addView(subject, duration, cells);
      this.#cells.set(name, cells);
    }
    return cells;
  }

  #addView(subject: Counted, duration: string, cells: DurationCells): void {
    const name = textKey(subject.kind, subject.name, duration);
    const views = this.#views.get(name);
    if (views === undefined) this.#views.set(name, [cells]);
    else views.push(cells);
  }

  /** Outcome cells tell neither workflows nor activities apart: their routes share the counts. */
  #outcomesOf(key: RouteKey): Map<string, OutcomeGroup> {
    const name = textKey(...Object.values({ ...key, workflow: '', activity: '' }));
    let outcomes = this.#outcomes.get(name);
    if (outcomes === undefined) {
      outcomes = new Map();
      this.#outcomes.set(name, outcomes);
    }
    return outcomes;
  }
}

/** The name of the view of all downloads of one access of a workflow. */
export function accessSubject(key: RouteKey): string {
  return textKey(key.experiment, key.workflow, key.activity);
}

/** Names joined by what no name holds. */
function textKey(...names: string[]): string {
  return names.join('\u0000');
}

function serviceOf(key: RouteKey): string {
  return key.service === '' ? (SERVICE_BY_KIND[key.kind] ?? '') : key.service;
}

function endsOf(key: RouteKey): Counted[] {
  const ends: Counted[] = [];
  // A transfer that never got a source belongs to no link.
  if (key.kind === 'transfer' && key.source !== '' && key.destination !== '') {
    ends.push({ kind: 'link', name: linkName(key.source, key.destination), prefix: '' });
  }
  if (key.source !== '') ends.push({ kind: 'storage', name: key.source, prefix: 'out_' });
  if (key.destination !== '') ends.push({ kind: 'storage', name: key.destination, prefix: 'in_' });
  if (key.sourceSite !== '') ends.push({ kind: 'site', name: key.sourceSite, prefix: 'out_' });
  if (key.destinationSite !== '') ends.push({ kind: 'site', name: key.destinationSite, prefix: 'in_' });
  return ends;
}

/** Each subject once, where an operation both leaves and enters it. */
function uniqueSubjects(subjects: readonly Counted[]): Counted[] {
  return subjects.filter(
    (subject, index) =>
      subjects.findIndex((other) => other.kind === subject.kind && other.name === subject.name) === index,
  );
}

/** The experiment, and the workflow where there is one. */
function ownersOf(key: RouteKey): Counted[] {
  if (key.experiment === '') return [];
  const experiment: Counted = { kind: 'experiment', name: key.experiment, prefix: '' };
  if (key.workflow === '') return [experiment];
  return [experiment, { kind: 'workflow', name: `${key.experiment}/${key.workflow}`, prefix: '' }];
}

function workflowSums(set: SeriesSet, kind: OperationKind): WorkflowSums {
  const moving = MOVING.has(kind);
  const isRule = kind === 'rule';
  const movedBytes = MOVED_BYTES[kind];
  return {
    set,
    requestedBytes: moving ? set.get('requested_bytes') : undefined,
    succeeded: moving ? set.get('succeeded') : isRule ? set.get('rules_done') : undefined,
    failed: moving ? set.get('failed') : isRule ? set.get('rules_failed') : undefined,
    doneBytes: moving ? set.get('done_bytes') : undefined,
    movedBytes: movedBytes === undefined ? undefined : set.get(movedBytes),
  };
}

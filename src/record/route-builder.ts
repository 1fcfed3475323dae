// Makes routes: decides which subjects' sums and percentile views an operation counts for (record/aggregate.ts lists them).
import type { OperationKind } from '../core/operation.ts';
import { linkName, type SubjectKind } from '../core/sink.ts';
import type { ServiceName } from '../lake/lake.ts';
import { DurationCells } from './duration-cells.ts';
import type { MinuteSeries } from './minute-series.ts';
import { noCounts, type FlowSums, type OwnerSums, type Route, type RouteDurations, type RouteKey } from './route.ts';
import type { OutcomeGroup } from './route.ts';
import type { SubjectSeries, SubjectSums } from './subject-sums.ts';

/** Operations that move bytes between two ends. */
const MOVING: ReadonlySet<OperationKind> = new Set(['upload', 'transfer', 'download', 'stage']);

/** What an operation of a kind adds to its experiment's and workflow's volumes. */
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

/** Minutes of one cell of time in percentile views: one for what expectations ask for, five where there may be thousands of views. */
const MINUTES_PER_CELL: Record<SubjectKind, number> = {
  experiment: 1,
  workflow: 1,
  service: 1,
  link: 5,
  storage: 5,
  site: 5,
  cache: 5,
  network: 5,
  tape: 5,
};

/** A subject and the side on which an operation touches it. */
interface Touched {
  readonly kind: SubjectKind;
  readonly name: string;
  /** `in_`, `out_`, or empty for a link. */
  readonly prefix: string;
}

export class RouteBuilder {
  readonly #sums: SubjectSums;
  readonly #durations = new Map<string, DurationCells>();
  readonly #outcomes = new Map<string, Map<string, OutcomeGroup>>();

  constructor(sums: SubjectSums) {
    this.#sums = sums;
  }

  /** The percentile view of a subject's duration, where something was counted in it. */
  view(kind: SubjectKind, subject: string, duration: string): DurationCells | undefined {
    return this.#durations.get(viewKey(kind, subject, duration));
  }

  build(key: RouteKey): Route {
    const moving = MOVING.has(key.kind);
    const touched = moving ? touchedBy(key) : [];
    const owners = ownersOf(key);
    const serviceName = serviceOf(key);
    const service = serviceName === '' ? undefined : this.#sums.subject('service', serviceName);
    const limitedOwners: Touched[] = moving ? owners.map((owner) => ({ ...owner, prefix: '' })) : [];
    return {
      key,
      counts: noCounts(),
      flows: touched.map((subject) => flowSums(this.#sums.subject(subject.kind, subject.name), subject.prefix)),
      owners: owners.map((owner) => ownerSums(this.#sums.subject(owner.kind, owner.name), key.kind, moving)),
      durations: this.#routeDurations(key, touched, owners),
      serviceRequests: service?.get('requests'),
      serviceFailures: service?.get('failures'),
      cacheSessions:
        key.cache === '' || key.kind !== 'download'
          ? undefined
          : this.#sums.subject('cache', key.cache).get('sessions'),
      limited: new Map(),
      limitedBy: [...touched, ...limitedOwners].map((subject) => this.#limitedBy(subject)),
      outcomes: this.#outcomesOf(key),
    };
  }

  #limitedBy(subject: Touched): (limiter: string) => MinuteSeries {
    const series = this.#sums.subject(subject.kind, subject.name);
    return (limiter) => series.get(`${subject.prefix}limited_seconds:${limiter}`);
  }

  #routeDurations(key: RouteKey, touched: readonly Touched[], owners: readonly Owner[]): RouteDurations {
    const ends = uniqueSubjects(touched);
    const ofOwners = (duration: string, wanted: boolean): DurationCells[] =>
      wanted ? owners.map((owner) => this.#makeView(owner.kind, owner.name, duration)) : [];
    const isRule = key.kind === 'rule';
    const isDownload = key.kind === 'download';
    const service = serviceOf(key);
    return {
      whole: [
        ...ends.map((end) => this.#makeView(end.kind, end.name, 'duration')),
        ...ofOwners('duration', MOVING.has(key.kind)),
      ],
      timeToData: ofOwners('time-to-data', isRule),
      timeToFirstCopy: ofOwners('time-to-first-copy', isRule),
      accessLatency: this.#accessViews(key, ofOwners('access-latency', isDownload), 'access-latency'),
      accessDuration: this.#accessViews(key, ofOwners('access-duration', isDownload), 'access-duration'),
      accessRate: this.#accessViews(key, ofOwners('access-rate', isDownload), 'access-rate'),
      serviceLatency: service === '' ? [] : [this.#makeView('service', service, 'latency')],
    };
  }

  /** Downloads have a view of their own for each place and way of reading, of which the summary makes those of an access by name. */
  #accessViews(key: RouteKey, views: DurationCells[], duration: string): DurationCells[] {
    return key.kind === 'download' ? [...views, this.#makeView('workflow', accessSubject(key), duration)] : views;
  }

  #makeView(kind: SubjectKind, subject: string, duration: string): DurationCells {
    const key = viewKey(kind, subject, duration);
    let view = this.#durations.get(key);
    if (view === undefined) {
      view = new DurationCells(MINUTES_PER_CELL[kind]);
      this.#durations.set(key, view);
    }
    return view;
  }

  /** Outcome cells do not tell workflows apart: their routes share the counts. */
  #outcomesOf(key: RouteKey): Map<string, OutcomeGroup> {
    const text = JSON.stringify({ ...key, workflow: '' });
    let outcomes = this.#outcomes.get(text);
    if (outcomes === undefined) {
      outcomes = new Map();
      this.#outcomes.set(text, outcomes);
    }
    return outcomes;
  }
}

/** The name of the view of all downloads of a workflow at one site, through one cache or none, by one protocol. */
export function accessSubject(key: RouteKey): string {
  return JSON.stringify([key.experiment, key.workflow, key.destinationSite, key.cache, key.protocol]);
}

function serviceOf(key: RouteKey): string {
  return key.service === '' ? (SERVICE_BY_KIND[key.kind] ?? '') : key.service;
}

function viewKey(kind: SubjectKind, subject: string, duration: string): string {
  return `${kind}\n${subject}\n${duration}`;
}

function touchedBy(key: RouteKey): Touched[] {
  const touched: Touched[] = [];
  if (key.kind === 'transfer') touched.push({ kind: 'link', name: linkName(key.source, key.destination), prefix: '' });
  if (key.source !== '') touched.push({ kind: 'storage', name: key.source, prefix: 'out_' });
  if (key.destination !== '') touched.push({ kind: 'storage', name: key.destination, prefix: 'in_' });
  if (key.sourceSite !== '') touched.push({ kind: 'site', name: key.sourceSite, prefix: 'out_' });
  if (key.destinationSite !== '') touched.push({ kind: 'site', name: key.destinationSite, prefix: 'in_' });
  return touched;
}

/** Each subject once, where an operation both leaves and enters it. */
function uniqueSubjects(touched: readonly Touched[]): Touched[] {
  return touched.filter(
    (subject, index) =>
      touched.findIndex((other) => other.kind === subject.kind && other.name === subject.name) === index,
  );
}

interface Owner {
  readonly kind: 'experiment' | 'workflow';
  readonly name: string;
}

function ownersOf(key: RouteKey): Owner[] {
  const owners: Owner[] = [];
  if (key.experiment !== '') owners.push({ kind: 'experiment', name: key.experiment });
  if (key.experiment !== '' && key.workflow !== '') {
    owners.push({ kind: 'workflow', name: `${key.experiment}/${key.workflow}` });
  }
  return owners;
}

function flowSums(series: SubjectSeries, prefix: string): FlowSums {
  return {
    requested: series.get(`${prefix}requested`),
    requestedBytes: series.get(`${prefix}requested_bytes`),
    succeeded: series.get(`${prefix}succeeded`),
    failed: series.get(`${prefix}failed`),
    censored: series.get(`${prefix}censored`),
    doneBytes: series.get(`${prefix}done_bytes`),
    retries: series.get(`${prefix}retries`),
  };
}

function ownerSums(series: SubjectSeries, kind: OperationKind, moving: boolean): OwnerSums {
  const movedBytes = MOVED_BYTES[kind];
  if (kind === 'rule') {
    return {
      requestedBytes: undefined,
      succeeded: series.get('rules_done'),
      failed: series.get('rules_failed'),
      doneBytes: undefined,
      movedBytes: undefined,
    };
  }
  return {
    requestedBytes: moving ? series.get('requested_bytes') : undefined,
    succeeded: moving ? series.get('succeeded') : undefined,
    failed: moving ? series.get('failed') : undefined,
    doneBytes: moving ? series.get('done_bytes') : undefined,
    movedBytes: movedBytes === undefined ? undefined : series.get(movedBytes),
  };
}

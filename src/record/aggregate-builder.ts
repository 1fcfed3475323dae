// Adds operations and samples up while a run goes on. What comes out is described in record/aggregate.ts.
import { OPERATION_KINDS, type OperationKind, type OperationRecord } from '../core/operation.ts';
import type { RecordSink, SubjectKind } from '../core/sink.ts';
import type { OutcomeCell, RunAggregate } from './aggregate.ts';
import { bucketOf, type DurationCells, type DurationSelection } from './duration-cells.ts';
import { MinuteSeries } from './minute-series.ts';
import { OutcomeLog } from './outcome-log.ts';
import { NAME_COLUMNS, RecordNames, type NameColumn } from './record-names.ts';
import { noCounts, type FlowSums, type OwnerSums, type Route } from './route.ts';
import { RouteBuilder } from './route-builder.ts';
import { ROUTE_WIDTH, RouteTable } from './route-table.ts';
import { SubjectSums } from './subject-sums.ts';
import type { OperationCounts, Percentiles } from './summary.ts';

/** The names that make a route, beside its kind. */
const ROUTE_COLUMNS: readonly number[] = (
  [
    'experiment',
    'workflow',
    'source',
    'sourceSite',
    'destination',
    'destinationSite',
    'cache',
    'protocol',
    'service',
  ] satisfies NameColumn[]
).map((column) => NAME_COLUMNS.indexOf(column));

export class AggregateBuilder implements RunAggregate, RecordSink {
  readonly durationSeconds: number;
  readonly minutes: number;
  readonly #names: RecordNames;
  readonly #sums: SubjectSums;
  readonly #builder: RouteBuilder;
  readonly #routes = new RouteTable<Route>();
  #lastSampledMinute = -1;
  readonly #row = new Int32Array(ROUTE_WIDTH);

  /** `names` is shared where somebody else reads the names of the same records too; then `add` is to be called, not `operation`. */
  constructor(durationSeconds: number, names = new RecordNames()) {
    this.durationSeconds = durationSeconds;
    this.minutes = Math.max(1, Math.ceil(durationSeconds / 60));
    this.#names = names;
    this.#sums = new SubjectSums(this.minutes);
    this.#builder = new RouteBuilder(this.#sums);
  }

  operation(record: OperationRecord): void {
    this.#names.read(record);
    this.add(record);
  }

  /** Adds the record whose names were read last. */
  add(record: OperationRecord): void {
    const route = this.#route(record);
    const intended = this.#minute(
      firstTime(record.intendedAtSeconds, record.submittedAtSeconds, record.endedAtSeconds),
    );
    const ended = this.#minute(firstTime(record.endedAtSeconds, this.durationSeconds));
    const failed = record.outcome === 'failed';
    count(route.counts, record);
    for (const flow of route.flows) addFlow(flow, record, intended, ended);
    for (const owner of route.owners) addOwner(owner, record, intended, ended);
    this.#addLimited(route, record, ended);
    addDurations(route, record, intended);
    route.serviceRequests?.add(intended, 1);
    if (failed) route.serviceFailures?.add(ended, 1);
    route.cacheSessions?.add(intended, 1);
    if (record.outcome === 'ok' || failed) countOutcome(route, record);
  }

  sample(minute: number, kind: SubjectKind, subject: string, measure: string, value: number): void {
    if (minute < 0 || minute >= this.minutes) return;
    this.#sums.subject(kind, subject).get(measure).set(minute, value);
    if (minute > this.#lastSampledMinute) this.#lastSampledMinute = minute;
  }

  /** The last minute of which a back end gave a sample; -1 where it gave none. A run that was stopped has none of its last minutes. */
  get lastSampledMinute(): number {
    return this.#lastSampledMinute;
  }

  subjects(kind: SubjectKind): readonly string[] {
    return this.#sums.names(kind);
  }

  measures(kind: SubjectKind, subject: string): readonly string[] {
    return this.#sums.measures(kind, subject);
  }

  series(kind: SubjectKind, subject: string, measure: string): Float64Array | undefined {
    return this.#sums.find(kind, subject, measure)?.toArray();
  }

  /** The series as it is kept, for reading. */
  minuteSeries(kind: SubjectKind, subject: string, measure: string): MinuteSeries | undefined {
    return this.#sums.find(kind, subject, measure);
  }

  percentiles(kind: SubjectKind, subject: string, duration: string, keep?: (minute: number) => boolean): Percentiles {
    return percentilesOf(this.#builder.view(kind, subject, duration)?.select(keep));
  }

  quantile(
    kind: SubjectKind,
    subject: string,
    duration: string,
    quantile: number,
    keep?: (minute: number) => boolean,
  ): number {
    return this.#builder.view(kind, subject, duration)?.select(keep).quantile(quantile) ?? NaN;
  }

  /** The durations as they are kept, for merging. */
  durations(kind: SubjectKind, subject: string, duration: string): DurationCells | undefined {
    return this.#builder.view(kind, subject, duration);
  }

  /** Every route that occurred, in the order of its first operation's end. */
  routes(): readonly Route[] {
    return this.#routes.values;
  }

  operations(): ReadonlyMap<OperationKind, OperationCounts> {
    const byKind = new Map<OperationKind, OperationCounts>();
    for (const kind of OPERATION_KINDS) {
      const routes = this.#routes.values.filter((route) => route.key.kind === kind);
      if (routes.length > 0) byKind.set(kind, addCounts(routes.map((route) => route.counts)));
    }
    return byKind;
  }

  *outcomes(): Generator<OutcomeCell> {
    const seen = new Set<unknown>();
    for (const { key, outcomes } of this.#routes.values) {
      if (seen.has(outcomes)) continue;
      seen.add(outcomes);
      const { workflow: _, ...common } = key;
      for (const { errorClass, errorScope, log } of outcomes.values()) {
        for (const { bucket, count: number } of log) yield { bucket, ...common, errorClass, errorScope, count: number };
      }
    }
  }

  #route(record: OperationRecord): Route {
    const row = this.#row;
    const { ids } = this.#names;
    row[0] = this.#names.kind;
    for (let index = 0; index < ROUTE_COLUMNS.length; index++) row[index + 1] = ids[ROUTE_COLUMNS[index]!]!;
    return this.#routes.find(row, () => {
      const { kind, experiment, workflow, source, sourceSite, destination, destinationSite } = record;
      const { cache, protocol, service } = record;
      return this.#builder.build({
        kind,
        experiment,
        workflow,
        source,
        sourceSite,
        destination,
        destinationSite,
        cache,
        protocol,
        service,
      });
    });
  }

  /** The minute of a time; what ends with the run or after it counts for the last. */
  #minute(seconds: number): number {
    return Math.min(this.minutes - 1, Math.max(0, Math.floor(seconds / 60)));
  }

  #addLimited(route: Route, record: OperationRecord, ended: number): void {
    if (route.limitedBy.length === 0) return;
    for (const { limiter, seconds } of record.books) {
      let sums = route.limited.get(limiter);
      if (sums === undefined) {
        sums = { seconds: 0, series: route.limitedBy.map((seriesOf) => seriesOf(limiter)) };
        route.limited.set(limiter, sums);
      }
      sums.seconds += seconds;
      for (const series of sums.series) series.add(ended, seconds);
    }
  }
}

/** The first of these times that is known, or 0. */
function firstTime(first: number, second: number, third = 0): number {
  if (!Number.isNaN(first)) return first;
  if (!Number.isNaN(second)) return second;
  return Number.isNaN(third) ? 0 : third;
}

function count(counts: OperationCounts, record: OperationRecord): void {
  counts.requested++;
  counts.retries += Math.max(0, record.attempts - 1);
  switch (record.outcome) {
    case 'ok':
      counts.succeeded++;
      counts.bytes += record.sizeBytes;
      break;
    case 'failed':
      counts.failed++;
      break;
    case 'cancelled':
      counts.cancelled++;
      break;
    case 'censored':
      counts.censored++;
      break;
  }
}

function addFlow(flow: FlowSums, record: OperationRecord, intended: number, ended: number): void {
  flow.requested.add(intended, 1);
  flow.requestedBytes.add(intended, record.sizeBytes);
  if (record.outcome === 'ok') {
    flow.succeeded.add(ended, 1);
    flow.doneBytes.add(ended, record.sizeBytes);
  } else if (record.outcome === 'failed') {
    flow.failed.add(ended, 1);
  } else if (record.outcome === 'censored') {
    flow.censored.add(ended, 1);
  }
  if (record.attempts > 1) flow.retries.add(ended, record.attempts - 1);
}

function addOwner(owner: OwnerSums, record: OperationRecord, intended: number, ended: number): void {
  owner.requestedBytes?.add(intended, record.sizeBytes);
  if (record.outcome === 'ok') {
    owner.succeeded?.add(ended, 1);
    owner.doneBytes?.add(ended, record.sizeBytes);
    owner.movedBytes?.add(ended, record.sizeBytes);
  } else if (record.outcome === 'failed') {
    owner.failed?.add(ended, 1);
  }
}

function addDurations(route: Route, record: OperationRecord, minute: number): void {
  const { durations } = route;
  const { outcome, intendedAtSeconds, submittedAtSeconds, startedAtSeconds, firstByteAtSeconds, endedAtSeconds } =
    record;
  const unfinished = outcome === 'censored';
  const done = outcome === 'ok' ? endedAtSeconds - intendedAtSeconds : unfinished ? Infinity : NaN;
  addTo(durations.whole, minute, done);
  addTo(durations.accessDuration, minute, done);
  if (durations.timeToData.length > 0) {
    // Data of a rule that failed never came: longer than all that came.
    const never = unfinished || outcome === 'failed';
    const firstCopy = firstByteAtSeconds - intendedAtSeconds;
    addTo(durations.timeToData, minute, outcome === 'failed' ? Infinity : done);
    addTo(durations.timeToFirstCopy, minute, Number.isNaN(firstCopy) && never ? Infinity : firstCopy);
  }
  if (durations.accessLatency.length > 0) {
    const latency = firstByteAtSeconds - intendedAtSeconds;
    addTo(durations.accessLatency, minute, Number.isNaN(latency) && unfinished ? Infinity : latency);
    const took = endedAtSeconds - firstTime(startedAtSeconds, submittedAtSeconds, intendedAtSeconds);
    addTo(durations.accessRate, minute, outcome === 'ok' && took > 0 ? record.sizeBytes / took : NaN);
  }
  if (durations.serviceLatency.length > 0) addTo(durations.serviceLatency, minute, serviceLatency(record));
}

/**
 * How long a service took over a request: from its submission to its end. A rule lives on long after its request, so
 * there it is the time until the catalogue had taken it up, where that is known. Failures have no latency.
 */
function serviceLatency(record: OperationRecord): number {
  const submitted = firstTime(record.submittedAtSeconds, record.intendedAtSeconds);
  if (record.kind === 'rule') return record.startedAtSeconds - submitted;
  if (record.outcome === 'censored') return Infinity;
  return record.outcome === 'ok' ? record.endedAtSeconds - submitted : NaN;
}

function addTo(views: readonly DurationCells[], minute: number, value: number): void {
  if (views.length === 0 || Number.isNaN(value)) return;
  const bucket = bucketOf(value);
  for (const view of views) view.add(minute, value, bucket);
}

function countOutcome(route: Route, record: OperationRecord): void {
  const failed = record.outcome === 'failed';
  const errorClass = failed ? record.errorClass : '';
  const errorScope = failed ? record.errorScope : '';
  const key = `${errorScope}\n${errorClass}`;
  let group = route.outcomes.get(key);
  if (group === undefined) {
    group = { errorClass, errorScope, log: new OutcomeLog() };
    route.outcomes.set(key, group);
  }
  group.log.count(firstTime(record.endedAtSeconds, 0));
}

/** The sum of counts. */
export function addCounts(all: Iterable<OperationCounts>): OperationCounts {
  const sum = noCounts();
  for (const counts of all) {
    for (const field of Object.keys(sum) as (keyof OperationCounts)[]) sum[field] += counts[field];
  }
  return sum;
}

/** A selection as the summary tells it: null where there is no figure. */
export function percentilesOf(selection: DurationSelection | undefined): Percentiles {
  const figure = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const at = (share: number): number | null => (selection === undefined ? null : figure(selection.quantile(share)));
  return {
    count: selection?.count ?? 0,
    unfinished: selection?.unfinished ?? 0,
    meanSeconds: figure(selection?.mean ?? NaN),
    p50Seconds: at(0.5),
    p90Seconds: at(0.9),
    p95Seconds: at(0.95),
    p99Seconds: at(0.99),
    maxSeconds: at(1),
  };
}

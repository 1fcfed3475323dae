// Adds operations and samples up while a run goes on. What comes out is described in record/aggregate.ts.
import { assert } from '../core/errors.ts';
import { OPERATION_KINDS, type OperationKind, type OperationRecord } from '../core/operation.ts';
import type { RecordSink, SubjectKind } from '../core/sink.ts';
import type { OutcomeCell, RunAggregate } from './aggregate.ts';
import { bucketOf, selectDurations, type DurationCells, type DurationSelection } from './duration-cells.ts';
import type { MinuteValues } from './minute-series.ts';
import { OutcomeLog } from './outcome-log.ts';
import { NAME_COLUMNS, RecordNames, type NameColumn } from './record-names.ts';
import { noCounts, type LimitedSums, type PairSums, type Route, type WorkflowSums } from './route.ts';
import { RouteBuilder } from './route-builder.ts';
import { ROUTE_WIDTH, RouteTable } from './route-table.ts';
import { SubjectSums } from './subject-sums.ts';
import type { OperationCounts, Percentiles } from './summary.ts';

/** The names that make a route, beside its kind. */
const ROUTE_COLUMNS: readonly number[] = (
  [
    'experiment',
    'workflow',
    'activity',
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
    if (record.ordinal === 0) route.firsts++;
    if (route.pair !== undefined) {
      addToPair(route.pair, record, intended, ended);
      addLimited(route, route.pair, record, ended);
    }
    if (route.workflow !== undefined) addToWorkflow(route.workflow, record, intended, ended);
    addDurations(route, record, intended);
    if (isRequest(record)) {
      route.serviceRequests?.add(intended, 1);
      if (failed) route.serviceFailures?.add(ended, 1);
    }
    if (record.ordinal === 0) route.cacheSessions?.add(intended, 1);
    if (record.outcome === 'ok' || failed) countOutcome(route, record);
  }

  sample(minute: number, kind: SubjectKind, subject: string, measure: string, value: number): void {
    if (minute < 0 || minute >= this.minutes) return;
    this.#sums.own(kind, subject).get(measure).set(minute, value);
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
  minuteSeries(kind: SubjectKind, subject: string, measure: string): MinuteValues | undefined {
    return this.#sums.find(kind, subject, measure);
  }

  /** All series of a subject, by measure, sorted. */
  allSeries(kind: SubjectKind, subject: string): readonly (readonly [measure: string, series: MinuteValues])[] {
    return this.#sums.all(kind, subject);
  }

  percentiles(kind: SubjectKind, subject: string, duration: string, keep?: (minute: number) => boolean): Percentiles {
    return percentilesOf(selectDurations(this.#builder.views(kind, subject, duration), keep));
  }

  quantile(
    kind: SubjectKind,
    subject: string,
    duration: string,
    quantile: number,
    keep?: (minute: number) => boolean,
  ): number {
    return selectDurations(this.#builder.views(kind, subject, duration), keep).quantile(quantile);
  }

  /** The durations as they are kept, for merging with others'. */
  durations(kind: SubjectKind, subject: string, duration: string): readonly DurationCells[] {
    return this.#builder.views(kind, subject, duration);
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
      const { workflow: _, activity: __, ...common } = key;
      for (const { errorClass, errorScope, log } of outcomes.values()) {
        for (const { bucket, count: number } of log) yield { bucket, ...common, errorClass, errorScope, count: number };
      }
    }
  }

  #route(record: OperationRecord): Route {
    const row = this.#row;
    assert(row.length === ROUTE_COLUMNS.length + 1, 'a route has numbers for its kind and each of its names');
    const { ids } = this.#names;
    row[0] = this.#names.kind;
    for (let index = 0; index < ROUTE_COLUMNS.length; index++) row[index + 1] = ids[ROUTE_COLUMNS[index]!]!;
    return this.#routes.find(row, () => {
      const { kind, experiment, workflow, activity, source, sourceSite, destination, destinationSite } = record;
      const { cache, protocol, service } = record;
      return this.#builder.build({
        kind,
        experiment,
        workflow,
        activity,
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
}

/** The first of these times that is known, or 0. */
function firstTime(first: number, second: number, third = 0): number {
  if (!Number.isNaN(first)) return first;
  if (!Number.isNaN(second)) return second;
  return Number.isNaN(third) ? 0 : third;
}

/** By the plan, and not once more by the catalogue after the transfer service gave up. */
function isAskedFor({ kind, ordinal }: OperationRecord): boolean {
  return kind !== 'transfer' || ordinal === 0;
}

function count(counts: OperationCounts, record: OperationRecord): void {
  if (isAskedFor(record)) counts.requested++;
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

function addToPair(pair: PairSums, record: OperationRecord, intended: number, ended: number): void {
  if (isAskedFor(record)) {
    pair.requested.add(intended, 1);
    pair.requestedBytes.add(intended, record.sizeBytes);
  }
  if (record.outcome === 'ok') {
    pair.succeeded.add(ended, 1);
    pair.doneBytes.add(ended, record.sizeBytes);
  } else if (record.outcome === 'failed') {
    pair.failed.add(ended, 1);
  } else if (record.outcome === 'censored') {
    pair.censored.add(ended, 1);
  }
  if (record.attempts > 1) pair.retries.add(ended, record.attempts - 1);
}

function addToWorkflow(workflow: WorkflowSums, record: OperationRecord, intended: number, ended: number): void {
  if (isAskedFor(record)) workflow.requestedBytes?.add(intended, record.sizeBytes);
  if (record.outcome === 'ok') {
    workflow.succeeded?.add(ended, 1);
    workflow.doneBytes?.add(ended, record.sizeBytes);
    workflow.movedBytes?.add(ended, record.sizeBytes);
  } else if (record.outcome === 'failed') {
    workflow.failed?.add(ended, 1);
  }
}

function addLimited(route: Route, pair: PairSums, record: OperationRecord, ended: number): void {
  for (const { limiter, seconds } of record.books) {
    const sums = route.limited.get(limiter) ?? makeLimited(route, pair, limiter);
    sums.seconds += seconds;
    sums.ofPair.add(ended, seconds);
    sums.ofWorkflow?.add(ended, seconds);
  }
}

function makeLimited(route: Route, pair: PairSums, limiter: string): LimitedSums {
  const measure = `limited_seconds:${limiter}`;
  const sums = { seconds: 0, ofPair: pair.set.get(measure), ofWorkflow: route.workflow?.set.get(measure) };
  route.limited.set(limiter, sums);
  return sums;
}

function addDurations(route: Route, record: OperationRecord, minute: number): void {
  const { durations, pair } = route;
  const { outcome, intendedAtSeconds, submittedAtSeconds, startedAtSeconds, firstByteAtSeconds, endedAtSeconds } =
    record;
  const unfinished = outcome === 'censored';
  const done = outcome === 'ok' ? endedAtSeconds - intendedAtSeconds : unfinished ? Infinity : NaN;
  if (pair !== undefined && !Number.isNaN(done)) {
    const bucket = bucketOf(done);
    pair.duration.add(minute, done, bucket);
    durations.whole?.add(minute, done, bucket);
    durations.accessDuration?.add(minute, done, bucket);
  }
  if (durations.timeToData !== undefined) {
    // Data of a rule that failed never came: longer than all that came.
    const never = unfinished || outcome === 'failed';
    const firstCopy = firstByteAtSeconds - intendedAtSeconds;
    addTo(durations.timeToData, minute, outcome === 'failed' ? Infinity : done);
    addTo(durations.timeToFirstCopy, minute, Number.isNaN(firstCopy) && never ? Infinity : firstCopy);
  }
  if (durations.accessLatency !== undefined) {
    const latency = firstByteAtSeconds - intendedAtSeconds;
    addTo(durations.accessLatency, minute, Number.isNaN(latency) && unfinished ? Infinity : latency);
    const took = endedAtSeconds - firstTime(startedAtSeconds, submittedAtSeconds, intendedAtSeconds);
    addTo(durations.accessRate, minute, outcome === 'ok' && took > 0 ? record.sizeBytes / took : NaN);
  }
  if (durations.serviceLatency !== undefined && isRequest(record)) {
    addTo(durations.serviceLatency, minute, serviceLatency(record));
  }
}

/**
 * How long a service took over a request: from its submission to its end. A rule or transition lives on long after it, so
 * there it is the time until the catalogue had taken it up, where that is known. Failures have no latency.
 */
function serviceLatency(record: OperationRecord): number {
  if (record.kind === 'rule' || record.kind === 'transition')
    return record.startedAtSeconds - record.submittedAtSeconds;
  if (record.outcome === 'censored') return Infinity;
  return record.outcome === 'ok' ? record.endedAtSeconds - record.submittedAtSeconds : NaN;
}

/** What was never submitted never reached its service, such as a transfer that waits for a source. */
function isRequest(record: OperationRecord): boolean {
  return !Number.isNaN(record.submittedAtSeconds);
}

function addTo(view: DurationCells | undefined, minute: number, value: number): void {
  if (!Number.isNaN(value)) view?.add(minute, value, bucketOf(value));
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
export function percentilesOf(selection: DurationSelection): Percentiles {
  const figure = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const at = (share: number): number | null => figure(selection.quantile(share));
  return {
    count: selection.count,
    unfinished: selection.unfinished,
    meanSeconds: figure(selection.mean),
    p50Seconds: at(0.5),
    p90Seconds: at(0.9),
    p95Seconds: at(0.95),
    p99Seconds: at(0.99),
    maxSeconds: at(1),
  };
}

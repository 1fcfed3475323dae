// The schema of summary.json, published as schema/summary.schema.json. src/record/summary.ts says the same in types.
import { Type, type Static, type TSchema } from 'typebox';
import { OPERATION_KINDS, type OperationKind } from '../core/operation.ts';
import { SUMMARY_SCHEMA, type Summary } from './summary.ts';

const words = <Word extends string>(all: readonly Word[]) => Type.Unsafe<Word>({ enum: [...all] });
const described = (description: string) => ({ description });
const closed = (description?: string) => ({
  additionalProperties: false,
  ...(description === undefined ? {} : { description }),
});
const byName = <Value extends TSchema>(value: Value, description: string) =>
  Type.Record(Type.String(), value, described(description));
const orNull = <Value extends TSchema>(value: Value, description?: string) =>
  Type.Union([value, Type.Null()], description === undefined ? {} : described(description));

const bytes = Type.Number({ minimum: 0, description: 'bytes' });
const rateBps = Type.Number({ minimum: 0, description: 'bytes per second' });
const seconds = Type.Number({ description: 'seconds' });
const share = Type.Number({ minimum: 0, maximum: 1, description: '0 to 1' });
const count = Type.Number({ minimum: 0 });
const expectationVerdict = words(['met', 'not-met', 'no-data'] as const);

const source = { name: Type.String(), file: Type.String(), sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }) };

const judged = Type.Object(
  {
    text: Type.String(described('The expectation as written.')),
    per: Type.String(described('Kind of subject.')),
    subject: Type.String(),
    verdict: expectationVerdict,
    measured: orNull(
      Type.Number(),
      'The worst value found, in `unit`; null where there was no data, or where a duration has no end.',
    ),
    limit: Type.Number(),
    unit: Type.String(described('share, seconds, bytes per second, bytes, count, or a currency.')),
    limiter: Type.String(described('What decided it, or empty.')),
    note: Type.Optional(
      Type.String(described('What a reader should know beside the figure; left out where there is nothing.')),
    ),
    atSeconds: orNull(seconds, "Start of the worst window, seconds since the run's start, where one was asked for."),
  },
  closed(),
);

const operationCounts = Type.Object(
  {
    requested: Type.Number({ minimum: 0, description: 'What the plan asked for, whether or not it could start.' }),
    succeeded: count,
    failed: count,
    cancelled: count,
    censored: Type.Number({ minimum: 0, description: 'Still going when the run ended.' }),
    retries: Type.Number({ minimum: 0, description: 'Attempts after the first.' }),
    bytes: Type.Number({ minimum: 0, description: 'Of those that succeeded.' }),
  },
  closed(),
);

const percentiles = Type.Object(
  {
    count,
    unfinished: Type.Number({ minimum: 0, description: 'Of count, those that have no end.' }),
    meanSeconds: orNull(seconds),
    p50Seconds: orNull(seconds),
    p90Seconds: orNull(seconds),
    p95Seconds: orNull(seconds),
    p99Seconds: orNull(seconds),
    maxSeconds: orNull(seconds),
  },
  closed('Null where nothing was counted, or where the percentile falls among those that have no end.'),
);

const incident = Type.Object(
  {
    scope: words(['source', 'destination', 'network', 'service', 'client'] as const),
    subject: Type.String(described('The storage, site, link, service or experiment held responsible.')),
    site: Type.String(described('The site blamed, or empty: a central fault blames none.')),
    fromSeconds: seconds,
    toSeconds: seconds,
    failures: count,
    errorClass: Type.String(described('The commonest.')),
    evidence: Type.String(described('One sentence.')),
    weak: Type.Optional(Type.Boolean(described('True where there was little to go by; left out otherwise.'))),
  },
  closed(),
);

const fault = Type.Object(
  { text: Type.String(), target: Type.String(), atSeconds: seconds, forSeconds: seconds },
  closed(),
);

const direction = Type.Object(
  { requestedBytes: bytes, bytes, meanRateBps: rateBps, peakRateBps: rateBps, succeeded: count, failed: count },
  closed(),
);

const limiters = byName(seconds, 'Seconds by limiter, largest first.');

const site = Type.Object(
  {
    verdict: expectationVerdict,
    country: Type.String(),
    in: direction,
    out: direction,
    limiters,
    faults: Type.Array(Type.String(), described('Texts of the faults declared on the site or its storages.')),
    availability: share,
    egressCost: orNull(Type.Object({ amount: Type.Number(), currency: Type.String() }, closed())),
    protocols: byName(Type.Object({ succeeded: count, failed: count, bytes }, closed()), 'By protocol.'),
  },
  closed(),
);

const storage = Type.Object(
  {
    site: Type.String(),
    technology: Type.String(),
    qosClass: Type.String(),
    in: direction,
    out: direction,
    usedBytesStart: bytes,
    usedBytesEnd: bytes,
    capacityBytes: bytes,
    availability: share,
    tape: orNull(Type.Object({ mounts: count, drivesBusyMean: count, recallQueueMax: count }, closed())),
  },
  closed(),
);

const link = Type.Object(
  {
    requestedBytes: bytes,
    bytes,
    meanRateBps: rateBps,
    peakRateBps: rateBps,
    succeeded: count,
    failed: count,
    censored: count,
    limiter: Type.String(described('The one that held its transfers longest.')),
    limiters,
    slots: orNull(
      Type.Object({ min: count, max: count, last: count }, closed()),
      'Limit of active transfers: lowest, highest, last.',
    ),
    queuedMax: count,
  },
  closed(),
);

const network = Type.Object(
  { bytes, meanRateBps: rateBps, peakRateBps: rateBps, capacityBps: orNull(rateBps, 'Null where not limited.') },
  closed(),
);

const service = Type.Object(
  {
    requests: count,
    failures: count,
    latency: percentiles,
    availability: share,
    figures: byName(Type.Number(), 'Its own figures by name with unit.'),
  },
  closed(),
);

const cache = Type.Object(
  {
    site: Type.String(),
    sessions: count,
    hitBytes: bytes,
    missBytes: bytes,
    hitRate: orNull(share, 'hitBytes / (hitBytes + missBytes); null where nothing was read.'),
    usedBytesEnd: bytes,
    capacityBytes: bytes,
  },
  closed(),
);

const access = Type.Object(
  {
    sessions: count,
    reads: count,
    succeeded: count,
    failed: count,
    bytes,
    latency: percentiles,
    meanRateBps: rateBps,
    duration: percentiles,
  },
  closed(
    'All but the sessions is about reads of one file. Latency is from the intended start to the first byte, duration to the end.',
  ),
);

const volumes = {
  plannedBytes: bytes,
  plannedFiles: count,
  injectedBytes: bytes,
  injectedFiles: count,
  replicatedBytes: bytes,
  replicatedFiles: count,
  timeToFirstCopy: percentiles,
  timeToAllCopies: percentiles,
};

const workflow = Type.Object(
  {
    ...volumes,
    access: byName(access, 'By access name.'),
    destinations: byName(Type.Object({ files: count, bytes }, closed()), 'Copied, by destination storage.'),
  },
  closed(),
);

const experiment = Type.Object(
  {
    verdict: expectationVerdict,
    ...volumes,
    datasets: Type.Number({ minimum: 0, description: 'Of which a rule was asked.' }),
    rules: operationCounts,
    access,
    limiters,
    egressCost: byName(Type.Number(), 'Amount by currency.'),
    workflows: byName(workflow, 'By workflow.'),
  },
  closed(),
);

export const summarySchema = Type.Object(
  {
    schema: Type.Literal(SUMMARY_SCHEMA),
    version: Type.String(described('Of fdr.')),
    run: Type.String(described('The run folder.')),
    backend: words(['simulated', 'live'] as const),
    seed: Type.Number(),
    scenario: Type.Object({ ...source, description: Type.String() }, closed()),
    lake: Type.Object(source, closed()),
    clock: Type.Object({ start: Type.String(described('ISO 8601, UTC.')), durationSeconds: seconds }, closed()),
    wallSeconds: Type.Number({
      minimum: 0,
      description: 'In which the day passed, without loading, recording, judging and reporting.',
    }),
    peakResidentBytes: bytes,
    verdict: words(['met', 'not-met', 'stopped', 'nothing-to-judge'] as const),
    expectations: Type.Array(judged),
    operations: Type.Unsafe<Partial<Record<OperationKind, Static<typeof operationCounts>>>>(
      Type.Partial(Type.Object(Object.fromEntries(OPERATION_KINDS.map((kind) => [kind, operationCounts])), closed())),
    ),
    errors: Type.Array(Type.Object({ class: Type.String(), scope: Type.String(), count }, closed())),
    incidents: Type.Array(incident, described('Found by evidence in the records alone, strongest first.')),
    faults: Type.Array(fault),
    sites: byName(site, 'By site.'),
    storages: byName(storage, 'By storage.'),
    links: byName(link, 'By link between storages, `A -> B`.'),
    network: byName(network, 'By network link between sites, `A -> B`.'),
    services: byName(service, 'By service.'),
    caches: byName(cache, 'By cache.'),
    experiments: byName(experiment, 'By experiment.'),
  },
  {
    ...closed('What a run came to. A quantity’s unit is in its name.'),
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://full-dress-rehearsal.example/schema/summary.schema.json',
    title: 'summary.json of a run folder',
  },
);

/** Keys of all objects in it, as one type: what the schema and the types must agree on. */
type Keys<Value> = Value extends readonly (infer Item)[]
  ? Keys<Item>
  : Value extends object
    ? string extends keyof Value
      ? Keys<Value[keyof Value]>
      : keyof Value | { [Key in keyof Value]: Keys<Value[Key]> }[keyof Value]
    : never;

/** Does not compile where src/record/summary.ts has a key that the schema lacks, or the other way round. */
type SummaryKeysAgree = [
  Exclude<Keys<Summary>, Keys<Static<typeof summarySchema>>>,
  Exclude<Keys<Static<typeof summarySchema>>, Keys<Summary>>,
] extends [never, never]
  ? true
  : never;

true satisfies SummaryKeysAgree;

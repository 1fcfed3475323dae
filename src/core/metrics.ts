// Which metric can be asked of which subject, and which statistics a metric takes: what the loader refuses and the judge judges.

/** The statistics of a metric; `value` is the metric as it stands, without a suffix. */
export type MetricStatistic = 'value' | 'p50' | 'p90' | 'p95' | 'p99' | 'max' | 'mean';

export interface MetricSense {
  /** Kinds of subject (`per:`) of which the metric can be asked. */
  readonly subjects: readonly string[];
  readonly statistics: readonly MetricStatistic[];
  /** What a limit may be a share of. Empty: the limit is absolute. */
  readonly relativeTo: readonly ('requested' | 'planned')[];
}

const PERCENTILES: readonly MetricStatistic[] = ['value', 'p50', 'p90', 'p95', 'p99', 'max', 'mean'];
const PLAIN: readonly MetricStatistic[] = ['value'];
const MOVERS = ['run', 'site', 'storage', 'link', 'experiment', 'workflow'];
const OWNERS = ['experiment', 'workflow'];

/**
 * By metric. A pair that is not here has no meaning: a storage has no time to data, a link no hit rate.
 * `value` of a percentile metric is its maximum, of `access-rate` its mean: docs/verdicts.md.
 */
export const METRIC_SENSE: Readonly<Record<string, MetricSense>> = {
  success: { subjects: [...MOVERS, 'service'], statistics: PLAIN, relativeTo: [] },
  rate: { subjects: MOVERS, statistics: PLAIN, relativeTo: ['requested'] },
  volume: { subjects: MOVERS, statistics: PLAIN, relativeTo: ['requested', 'planned'] },
  'time-to-data': { subjects: OWNERS, statistics: PERCENTILES, relativeTo: [] },
  'time-to-first-copy': { subjects: OWNERS, statistics: PERCENTILES, relativeTo: [] },
  latency: { subjects: ['service'], statistics: PERCENTILES, relativeTo: [] },
  'access-latency': { subjects: OWNERS, statistics: PERCENTILES, relativeTo: [] },
  'access-rate': { subjects: OWNERS, statistics: PERCENTILES, relativeTo: [] },
  availability: { subjects: ['site', 'storage', 'service'], statistics: PLAIN, relativeTo: [] },
  stuck: { subjects: ['run', 'service', 'experiment', 'workflow'], statistics: PLAIN, relativeTo: [] },
  queue: { subjects: ['run', 'link', 'storage', 'service'], statistics: ['value', 'max', 'mean'], relativeTo: [] },
  'hit-rate': { subjects: ['run', 'cache'], statistics: PLAIN, relativeTo: [] },
  cost: { subjects: ['run', 'site'], statistics: PLAIN, relativeTo: [] },
};

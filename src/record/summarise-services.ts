// The summary's services and caches.
import { SERVICE_NAMES, type ServiceName } from '../lake/lake.ts';
import type { CheckedScenario } from '../scenario/scenario.ts';
import type { AggregateBuilder } from './aggregate-builder.ts';
import { availabilityOf, lastOf, maximumOf, sortedRecord, totalOf } from './summarise-common.ts';
import type { CacheSummary, ServiceSummary, Summary } from './summary.ts';

/** Measures of a service that are not figures of its own. */
const COMMON_MEASURES = new Set(['requests', 'failures', 'up']);

/** All services, in use or not. */
export function summariseServices(checked: CheckedScenario, aggregate: AggregateBuilder): Summary['services'] {
  const names = new Set<string>([...SERVICE_NAMES, ...aggregate.subjects('service')]);
  return sortedRecord([...names].map((name) => [name, summariseService(name, checked, aggregate)]));
}

function summariseService(name: string, checked: CheckedScenario, aggregate: AggregateBuilder): ServiceSummary {
  return {
    requests: totalOf(aggregate, 'service', name, 'requests'),
    failures: totalOf(aggregate, 'service', name, 'failures'),
    latency: aggregate.percentiles('service', name, 'latency'),
    availability: availabilityOf(aggregate, 'service', name),
    figures: sortedRecord([...figuresOf(name, aggregate), ...gapsOf(name, checked, aggregate)]),
  };
}

/**
 * Of each measure that is sampled, its largest value, its mean over the run and its last: `queuedMax`, `queuedMean`,
 * `queued`; those with a unit have it last: `ageMaxSeconds`. `downMinutes` are minutes in which the service did not answer.
 */
function* figuresOf(name: string, aggregate: AggregateBuilder): Generator<readonly [string, number]> {
  const minutes = Math.max(1, aggregate.lastSampledMinute + 1);
  for (const measure of aggregate.measures('service', name)) {
    if (COMMON_MEASURES.has(measure)) continue;
    const series = aggregate.minuteSeries('service', name, measure);
    const [, stem = measure, unit = ''] = /^(.*?)(_seconds|_bytes)?$/.exec(measure) ?? [];
    yield [camelCase(`${stem}_max${unit}`), maximumOf(series)];
    yield [camelCase(`${stem}_mean${unit}`), (series?.total() ?? 0) / minutes];
    yield [camelCase(`${stem}_end${unit}`), lastOf(aggregate, series)];
  }
  let down = 0;
  aggregate.minuteSeries('service', name, 'up')?.forEach((_minute, value) => {
    down += 1 - value;
  });
  yield ['downMinutes', down];
}

/** `gaps`: how often what a service says was older than twice what it should be. */
function* gapsOf(
  name: string,
  { lake }: CheckedScenario,
  aggregate: AggregateBuilder,
): Generator<readonly [string, number]> {
  const ages = aggregate.minuteSeries('service', name, 'age_seconds');
  const usual = usualAgeSeconds(name, lake.services);
  if (ages === undefined || usual === undefined) return;
  let gaps = 0;
  let wasOld = false;
  for (const age of ages.toArray()) {
    const isOld = age > 2 * usual;
    if (isOld && !wasOld) gaps++;
    wasOld = isOld;
  }
  yield ['gaps', gaps];
}

/** The oldest that what a service says gets where all is well. */
function usualAgeSeconds(name: string, services: CheckedScenario['lake']['services']): number | undefined {
  switch (name as ServiceName) {
    case 'topology':
      return services.topology.refreshSeconds;
    case 'network-monitor':
      return services.networkMonitor.everySeconds;
    case 'monitoring':
      return services.monitoring.everySeconds + services.monitoring.lagSeconds;
    case 'catalogue':
    case 'transfers':
    case 'tokens':
      return undefined;
  }
}

function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** Every cache of the lake. */
export function summariseCaches({ lake }: CheckedScenario, aggregate: AggregateBuilder): Summary['caches'] {
  return sortedRecord(
    [...lake.caches.values()].map((cache): [string, CacheSummary] => {
      const hitBytes = totalOf(aggregate, 'cache', cache.name, 'hit_bytes');
      const missBytes = totalOf(aggregate, 'cache', cache.name, 'miss_bytes');
      const read = hitBytes + missBytes;
      return [
        cache.name,
        {
          site: cache.site,
          sessions: totalOf(aggregate, 'cache', cache.name, 'sessions'),
          hitBytes,
          missBytes,
          hitRate: read === 0 ? null : hitBytes / read,
          usedBytesEnd: lastOf(aggregate, aggregate.minuteSeries('cache', cache.name, 'used_bytes')),
          capacityBytes: cache.capacityBytes,
        },
      ];
    }),
  );
}

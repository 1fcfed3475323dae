// The services of a lake: units to base units, limits filled up from their defaults, names looked up.
import { checkLaw } from '../language/law-mistakes.ts';
import { child } from '../language/pointer.ts';
import { lawOf, seconds, share } from '../language/quantities.ts';
import { checkReference } from '../language/references.ts';
import type { ProblemReport } from '../language/report.ts';
import type { CatalogueService, LinkLimit, Services, TransferService } from './lake.ts';
import type { LakeNames } from './resolve.ts';
import type { WrittenServices } from './schema.ts';

/** FTS's own limits where nobody set any: 2 to 130 on a link (facts of its optimizer), 200 at a storage. */
const DEFAULT_LINK_LIMIT: LinkLimit = { min: 2, max: 130 };
const DEFAULT_STORAGE_LIMIT = { inbound: 200, outbound: 200 };

export function resolveServices(written: WrittenServices, names: LakeNames, report: ProblemReport): Services {
  const { tokens, topology, monitoring } = written;
  const networkMonitor = written['network-monitor'];
  checkLaw(report, '/services/tokens/latency', tokens.latency, 'duration');
  return {
    catalogue: resolveCatalogue(written.catalogue, report),
    transfers: resolveTransfers(written.transfers, names, report),
    tokens: {
      url: tokens.url ?? '',
      lifetimeSeconds: seconds(tokens.lifetime),
      latency: lawOf(tokens.latency, 'duration'),
      workers: tokens.workers,
    },
    topology: { url: topology.url ?? '', refreshSeconds: seconds(topology.refresh) },
    networkMonitor: {
      url: networkMonitor.url ?? '',
      everySeconds: seconds(networkMonitor.every),
      noise: share(networkMonitor.noise),
    },
    monitoring: {
      url: monitoring.url ?? '',
      everySeconds: seconds(monitoring.every),
      lagSeconds: seconds(monitoring.lag),
    },
  };
}

function resolveCatalogue(written: WrittenServices['catalogue'], report: ProblemReport): CatalogueService {
  checkLaw(report, '/services/catalogue/latency', written.latency, 'duration');
  return {
    url: written.url ?? '',
    latency: lawOf(written.latency, 'duration'),
    judgeSeconds: seconds(written['judge-interval']),
    submitterSeconds: seconds(written['submitter-interval']),
    submitterBulk: written['submitter-bulk'],
    pollerSeconds: seconds(written['poller-interval']),
    reaperSeconds: seconds(written['reaper-interval']),
    repairSeconds: seconds(written['repair-interval']),
    requestRetries: written['request-retries'],
  };
}

function resolveTransfers(
  written: WrittenServices['transfers'],
  names: LakeNames,
  report: ProblemReport,
): TransferService {
  const links = resolveLinkLimits(written['link-limits'], names, report);
  const storages = resolveStorageLimits(written['storage-limits'], names, report);
  const shares = new Map(Object.entries(written['activity-shares']));
  if (shares.size > 0 && [...shares.values()].every((weight) => weight === 0)) {
    report.error('/services/transfers/activity-shares', 'all shares are 0', 'give at least one more');
  }
  return {
    url: written.url ?? '',
    linkLimits: links.limits,
    defaultLinkLimit: links.default,
    storageLimits: storages.limits,
    defaultStorageLimit: storages.default,
    optimizerMode: written['optimizer-mode'] as 0 | 1 | 2 | 3,
    retries: written.retries,
    retryDelaySeconds: seconds(written['retry-delay']),
    activityShares: shares,
    streams: written.streams,
    timeoutSeconds: seconds(written.timeout),
    timeoutSecondsPerMiB: seconds(written['timeout-per-mib']),
    maxActive: written['max-active'],
  };
}

function resolveLinkLimits(
  written: WrittenServices['transfers']['link-limits'],
  names: LakeNames,
  report: ProblemReport,
): { limits: Map<string, LinkLimit>; default: LinkLimit } {
  const at = '/services/transfers/link-limits';
  const fallback = { ...DEFAULT_LINK_LIMIT, ...written['default'] };
  const limits = new Map<string, LinkLimit>();
  if (written['default'] !== undefined) checkLimit(fallback, child(at, 'default'), report);
  for (const [link, limit] of Object.entries(written)) {
    if (link === 'default') continue;
    const [from, to, ...rest] = link.split(' -> ');
    if (from === undefined || to === undefined || rest.length > 0) {
      report.keyError(child(at, link), 'not a link', 'write `A -> B`, `A -> *`, `* -> B` or `default`');
      continue;
    }
    for (const end of [from, to]) {
      if (end === '*' || names.storages.known.has(end)) continue;
      checkKeyReference(report, child(at, link), end, names);
    }
    // A limit that gives only `max` below the default's `min` means that it is the whole limit.
    const max = limit.max ?? Math.max(fallback.max, limit.min ?? 0);
    const full = { min: limit.min ?? Math.min(fallback.min, max), max };
    checkLimit(full, child(at, link), report);
    limits.set(link, full);
  }
  return { limits, default: fallback };
}

function checkLimit(limit: LinkLimit, at: string, report: ProblemReport): void {
  if (limit.min > limit.max) report.mismatch(at, '', `\`min\` (${limit.min}) is more than \`max\` (${limit.max})`);
}

function checkKeyReference(report: ProblemReport, at: string, name: string, names: LakeNames): void {
  checkReference({ error: report.keyError.bind(report) }, at, name, names.storages);
}

function resolveStorageLimits(
  written: WrittenServices['transfers']['storage-limits'],
  names: LakeNames,
  report: ProblemReport,
): { limits: Map<string, typeof DEFAULT_STORAGE_LIMIT>; default: typeof DEFAULT_STORAGE_LIMIT } {
  const at = '/services/transfers/storage-limits';
  const full = (
    limit: number | { inbound?: number; outbound?: number } | undefined,
    other: typeof DEFAULT_STORAGE_LIMIT,
  ) => (typeof limit === 'number' ? { inbound: limit, outbound: limit } : { ...other, ...limit });
  const fallback = full(written['default'], DEFAULT_STORAGE_LIMIT);
  const limits = new Map<string, typeof DEFAULT_STORAGE_LIMIT>();
  for (const [storage, limit] of Object.entries(written)) {
    if (storage === 'default') continue;
    if (!names.storages.known.has(storage)) checkKeyReference(report, child(at, storage), storage, names);
    limits.set(storage, full(limit, fallback));
  }
  return { limits, default: fallback };
}

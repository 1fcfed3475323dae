// The pages about services: catalogue, transfers, tokens, topology, network monitor, monitoring, caches, storages.
import { formatCount, formatDuration, formatShare } from '../../core/units.ts';
import type { FaultSummary, ServiceSummary } from '../../record/summary.ts';
import * as cell from '../cells.ts';
import type { Block, Page, Section } from '../document.ts';
import { STORAGE_ENDPOINTS, type ReportContext } from '../report-context.ts';
import { expectationsOf, incidentsOf } from '../run-data.ts';
import {
  expectationsTable,
  facts,
  faultsTable,
  incidentsTable,
  type NamedFigure,
  paragraph,
  section,
} from './blocks.ts';
import { cachePage } from './cache.ts';
import { serviceTitle } from './service-names.ts';
import { catalogueSections } from './service-catalogue.ts';
import { freshnessSections } from './service-freshness.ts';
import { faultsOfService, worstVerdict } from './service-judged.ts';
import { requestCharts } from './service-requests.ts';
import { tokensSections } from './service-tokens.ts';
import { transfersSections } from './service-transfers.ts';
import { storageEndpointsPage } from './storage-endpoints.ts';

export function servicePages(context: ReportContext): Page[] {
  return [
    ...Object.keys(context.summary.services).map((name) => servicePage(name, context)),
    ...Object.keys(context.summary.caches).map((name) => cachePage(name, context)),
    storageEndpointsPage(context.pageOf('service', STORAGE_ENDPOINTS), context),
  ];
}

function servicePage(name: string, context: ReportContext): Page {
  const service = context.summary.services[name] as ServiceSummary;
  const expectations = expectationsOf(context, 'service', [name]);
  const faults = faultsOfService(name, context);
  const incidents = incidentsOf(context, [name]);
  return {
    id: context.pageOf('service', name),
    kind: 'service',
    name: serviceTitle(name),
    title: serviceTitle(name),
    overline: 'Service',
    verdict: expectations.length === 0 ? undefined : worstVerdict(expectations.map((one) => one.verdict)),
    lead: leadOf(service),
    sections: [
      section(
        'figures',
        'In short',
        factsOf(service),
        expectationsTable('expectations', 'What was expected of it', expectations, context),
      ),
      ...ownSections(name, service, faults, context),
      section('requests', 'Requests and failures', ...requestCharts(name, faults, context)),
      section(
        'faults',
        'Faults',
        faultsTable('faults', faults, context) ?? paragraph('No fault was planned for this service.'),
        incidentsTable('incidents', incidents, context) ?? paragraph('No failures were traced to it.'),
      ),
    ].filter((one) => one.blocks.length > 0),
  };
}

function ownSections(
  name: string,
  service: ServiceSummary,
  faults: readonly FaultSummary[],
  context: ReportContext,
): Section[] {
  switch (name) {
    case 'catalogue':
      return catalogueSections(service, faults, context);
    case 'transfers':
      return transfersSections(service, faults, context);
    case 'tokens':
      return tokensSections(service, faults, context);
    case 'topology':
    case 'network-monitor':
    case 'monitoring':
      return freshnessSections(name, faults, context);
    default:
      return [];
  }
}

function leadOf(service: ServiceSummary): string {
  if (service.requests === 0) return 'Nothing was asked of it.';
  const share = cell.ratio(service.failures, service.requests) ?? 0;
  const failures =
    service.failures === 0 ? 'none failed' : `${formatCount(service.failures)} failed (${formatShare(share)})`;
  const { p50Seconds, p99Seconds } = service.latency;
  const latency =
    !isTimed(service) || p50Seconds === null || p99Seconds === null
      ? ''
      : ` Half were answered within ${formatDuration(p50Seconds)}, 99% within ${formatDuration(p99Seconds)}.`;
  return `${formatCount(service.requests)} requests, of which ${failures}.${latency}`;
}

function factsOf(service: ServiceSummary): Block {
  const { latency } = service;
  const known: NamedFigure[] = [
    ['Requests', cell.count(service.requests), `${formatCount(service.failures)} failed`],
    ['Available', cell.share(service.availability)],
  ];
  if (!isTimed(service)) return facts(...known);
  return facts(
    ...known,
    ['Median latency', cell.percentile(latency, 'p50Seconds')],
    ['95th percentile', cell.percentile(latency, 'p95Seconds')],
    ['99th percentile', cell.percentile(latency, 'p99Seconds')],
    ['Longest', cell.percentile(latency, 'maxSeconds')],
  );
}

/** Whether its requests take time at all: a back end may know only that they were answered. */
function isTimed({ latency }: ServiceSummary): boolean {
  return latency.count > 0 && latency.maxSeconds !== 0;
}

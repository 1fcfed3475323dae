// The page about all storage endpoints together: when each answered, how well, and how fast by operation.
import { formatCount, formatShare } from '../../core/units.ts';
import type { StorageSummary } from '../../record/summary.ts';
import * as cell from '../cells.ts';
import { availabilityStrip } from '../charts/availability-strip.ts';
import type { Page, TableBlock } from '../document.ts';
import type { ReportContext } from '../report-context.ts';
import { expectationsOf } from '../run-data.ts';
import { expectationsTable, section, table } from './blocks.ts';
import { worstVerdict } from './service-judged.ts';

export function storageEndpointsPage(id: string, context: ReportContext): Page {
  const storages = Object.entries(context.summary.storages);
  const expectations = expectationsOf(
    context,
    'storage',
    storages.map(([name]) => name),
  );
  return {
    id,
    kind: 'service',
    name: 'Storage endpoints',
    title: 'Storage endpoints',
    overline: 'Service',
    verdict: expectations.length === 0 ? undefined : worstVerdict(expectations.map((one) => one.verdict)),
    lead: leadOf(storages),
    sections: [
      section(
        'availability',
        'When each answered',
        availabilityStrip(context),
        expectationsTable('expectations', 'What was expected of them', expectations, context),
      ),
      section('storages', 'Requests and space', storagesTable(storages, context)),
      section('latency', 'Latency by operation', latencyTable(context)),
    ].filter((one) => one.blocks.length > 0),
  };
}

function leadOf(storages: readonly (readonly [string, StorageSummary])[]): string {
  const down = storages.filter(([, one]) => one.availability < 1);
  if (down.length === 0) return `All ${formatCount(storages.length)} storages answered all day.`;
  const [name, worst] = down.reduce((lowest, one) => (one[1].availability < lowest[1].availability ? one : lowest));
  return (
    `${formatCount(storages.length - down.length)} of ${formatCount(storages.length)} storages answered all day; ` +
    `${name} answered least, ${formatShare(worst.availability)} of the time.`
  );
}

function storagesTable(storages: readonly (readonly [string, StorageSummary])[], context: ReportContext): TableBlock {
  return table(
    'storages',
    'Storages',
    [
      cell.column('storage', 'Storage', 'text'),
      cell.column('site', 'Site', 'text'),
      cell.column('technology', 'Technology', 'text'),
      cell.column('class', 'Class', 'text'),
      cell.column('in_success_share', 'Success in'),
      cell.column('out_success_share', 'Success out'),
      cell.column('failed', 'Failed'),
      cell.column('in_bytes', 'Got in'),
      cell.column('out_bytes', 'Gave out'),
      cell.column('availability_share', 'Available'),
      cell.column('used_share', 'Full at the end'),
    ],
    storages.map(([name, one]) => [
      cell.text(name),
      cell.text(one.site, context.pageOf('site', one.site)),
      cell.text(one.technology),
      cell.text(one.qosClass),
      cell.share(cell.successShare(one.in)),
      cell.share(cell.successShare(one.out)),
      cell.count(one.in.failed + one.out.failed),
      cell.bytes(one.in.bytes),
      cell.bytes(one.out.bytes),
      cell.share(one.availability),
      cell.share(cell.ratio(one.usedBytesEnd, one.capacityBytes)),
    ]),
  );
}

function latencyTable(context: ReportContext): TableBlock | undefined {
  const rows = context.operations.storageLatency;
  if (rows.length === 0) return undefined;
  return table(
    'latency',
    'From the start of the operation to its end, of those that succeeded',
    [
      cell.column('storage', 'Storage', 'text'),
      cell.column('operation', 'Operation', 'text'),
      cell.column('succeeded', 'Succeeded'),
      cell.column('failed', 'Failed'),
      cell.column('p50_seconds', 'Median'),
      cell.column('p95_seconds', '95th percentile'),
      cell.column('p99_seconds', '99th'),
    ],
    rows.map((one) => [
      cell.text(one.storage),
      cell.text(one.operation),
      cell.count(one.succeeded),
      cell.count(one.failed),
      cell.duration(one.p50Seconds),
      cell.duration(one.p95Seconds),
      cell.duration(one.p99Seconds),
    ]),
  );
}

// Topology, network monitor and monitoring: how old what they said was, and when it was too old.
import { formatDuration } from '../../core/units.ts';
import type { FaultSummary } from '../../record/summary.ts';
import { maxByBin } from '../bins.ts';
import * as cell from '../cells.ts';
import { durationUnit, highest } from '../charts/axis-unit.ts';
import { linesOverTime } from '../charts/over-time.ts';
import type { Section } from '../document.ts';
import type { ReportContext } from '../report-context.ts';
import { paragraph, section, table } from './blocks.ts';

type FreshService = 'topology' | 'network-monitor' | 'monitoring';

/** What it says is stale when it is older than this many of its intervals. */
const STALE_INTERVALS = 2;

export function freshnessSections(
  name: FreshService,
  faults: readonly FaultSummary[],
  context: ReportContext,
): Section[] {
  const { bins, clock, series } = context;
  const age = series.series('service', name, 'age_seconds');
  if (age === undefined) return [section('freshness', 'Freshness', paragraph('Its age was not recorded.'))];
  const oldest = maxByBin(age, bins);
  const interval = intervalOf(name, context);
  const gaps = gapsOf(age, interval * STALE_INTERVALS);
  return [
    section(
      'freshness',
      'Freshness and gaps',
      {
        kind: 'chart',
        id: 'age',
        title: 'Age of what it says',
        caption: `At most ${formatDuration(highest(oldest))}; it is made anew every ${formatDuration(interval)}.`,
        drawing: linesOverTime(
          [{ name: 'age (oldest in the step)', values: oldest }],
          durationUnit(highest(oldest)),
          { clock, bins, faults },
          { value: interval, label: 'its interval' },
        ),
      },
      gaps.length === 0
        ? paragraph(`What it said was never older than ${formatDuration(interval * STALE_INTERVALS)}.`)
        : table(
            'gaps',
            `When it was older than ${formatDuration(interval * STALE_INTERVALS)}, twice its interval`,
            [
              cell.column('from_seconds', 'From'),
              cell.column('to_seconds', 'To'),
              cell.column('duration_seconds', 'Lasted'),
              cell.column('age_seconds', 'Oldest'),
            ],
            gaps.map((gap) => [
              cell.moment(gap.fromSeconds, clock.format),
              cell.moment(gap.toSeconds, clock.format),
              cell.duration(gap.toSeconds - gap.fromSeconds),
              cell.duration(gap.oldestSeconds),
            ]),
          ),
    ),
  ];
}

function intervalOf(name: FreshService, context: ReportContext): number {
  const { services } = context.lake;
  switch (name) {
    case 'topology':
      return services.topology.refreshSeconds;
    case 'network-monitor':
      return services.networkMonitor.everySeconds;
    case 'monitoring':
      return services.monitoring.everySeconds + services.monitoring.lagSeconds;
  }
}

interface Gap {
  readonly fromSeconds: number;
  toSeconds: number;
  oldestSeconds: number;
}

function gapsOf(age: Float64Array, limitSeconds: number): Gap[] {
  const gaps: Gap[] = [];
  let open: Gap | undefined;
  for (const [minute, value] of age.entries()) {
    if (!(value > limitSeconds)) {
      open = undefined;
      continue;
    }
    if (open === undefined) {
      open = { fromSeconds: minute * 60, toSeconds: 0, oldestSeconds: 0 };
      gaps.push(open);
    }
    open.toSeconds = (minute + 1) * 60;
    open.oldestSeconds = Math.max(open.oldestSeconds, value);
  }
  return gaps;
}

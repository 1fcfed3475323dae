// Requests to a service and how many of them failed, over the day.
import { formatCount, formatDuration } from '../../core/units.ts';
import type { FaultSummary } from '../../record/summary.ts';
import { addSeries, sumByBin } from '../bins.ts';
import { countUnit, highest } from '../charts/axis-unit.ts';
import { stackedOverTime } from '../charts/over-time.ts';
import type { ChartBlock } from '../document.ts';
import type { ReportContext } from '../report-context.ts';

export function requestCharts(name: string, faults: readonly FaultSummary[], context: ReportContext): ChartBlock[] {
  const { bins, clock, series } = context;
  const all = sumByBin(series.series('service', name, 'requests'), bins);
  const failed = sumByBin(series.series('service', name, 'failures'), bins);
  if (highest(addSeries([all, failed]) ?? []) === 0) return [];
  const step = formatDuration(bins.seconds);
  const answered = all.map((value, bin) => Math.max(0, value - (failed[bin] ?? 0)));
  const peak = highest(all);
  return [
    {
      kind: 'chart',
      id: 'requests',
      title: `Requests in each ${step}`,
      caption: `At most ${formatCount(peak)}, in the ${step} from ${clock.format(all.indexOf(peak) * bins.seconds)} on.`,
      drawing: stackedOverTime(
        [
          { name: 'answered', values: answered },
          { name: 'failed', values: failed },
        ],
        countUnit('requests'),
        { clock, bins, faults },
      ),
    },
  ];
}

// Requests to a service and how many of them failed, over the day.
import { formatCount } from '../../core/units.ts';
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
  const perMinute = (sums: Float64Array): Float64Array => sums.map((sum) => sum / (bins.seconds / 60));
  const answered = all.map((value, bin) => Math.max(0, value - (failed[bin] ?? 0)));
  const peak = highest(perMinute(all));
  return [
    {
      kind: 'chart',
      id: 'requests',
      title: 'Requests a minute',
      caption: `At most ${formatCount(Math.round(peak))} a minute, at ${clock.format(perMinute(all).indexOf(peak) * bins.seconds)}.`,
      drawing: stackedOverTime(
        [
          { name: 'answered', values: perMinute(answered) },
          { name: 'failed', values: perMinute(failed) },
        ],
        countUnit('requests a minute'),
        { clock, bins, faults },
      ),
    },
  ];
}

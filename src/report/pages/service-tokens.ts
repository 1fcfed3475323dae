// The token issuer's own section: who waited for it, and how busy it was.
import { formatCount } from '../../core/units.ts';
import type { FaultSummary, ServiceSummary } from '../../record/summary.ts';
import { maxByBin, meanByBin } from '../bins.ts';
import { countUnit, highest } from '../charts/axis-unit.ts';
import { linesOverTime } from '../charts/over-time.ts';
import type { Section } from '../document.ts';
import type { ReportContext } from '../report-context.ts';
import { figuresTable, section } from './blocks.ts';

export function tokensSections(
  service: ServiceSummary,
  faults: readonly FaultSummary[],
  context: ReportContext,
): Section[] {
  const { bins, clock, series, lake } = context;
  const frame = { clock, bins, faults };
  const queued = maxByBin(series.series('service', 'tokens', 'queued'), bins);
  const busy = meanByBin(series.series('service', 'tokens', 'busy'), bins);
  const { workers } = lake.services.tokens;
  return [
    section(
      'load',
      'Load of the issuer',
      {
        kind: 'chart',
        id: 'queued',
        title: 'Requests waiting',
        caption: `At most ${formatCount(highest(queued))} waited at a time.`,
        drawing: linesOverTime([{ name: 'waiting (most in the step)', values: queued }], countUnit('requests'), frame),
      },
      {
        kind: 'chart',
        id: 'busy',
        title: 'Workers busy',
        caption: `At most ${highest(busy).toFixed(2)} of ${workers} on average over a step.`,
        drawing: linesOverTime([{ name: 'busy (mean)', values: busy }], countUnit('workers'), frame),
      },
      figuresTable(service.figures),
    ),
  ];
}

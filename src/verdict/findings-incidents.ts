// Findings about failures: the incidents with what they cost, and failures that have no common cause.
import { formatCount, formatShare } from '../core/units.ts';
import type { Incident, OperationCounts, Summary } from '../record/summary.ts';
import type { CheckedScenario } from '../scenario/scenario.ts';
import type { WeighedFinding } from './finding.ts';
import { counted } from './wording.ts';

const NEXT_WEIGHS = 0.7;
/** Scattered failures below this share of all operations are not worth a sentence. */
const WORTH_TELLING = 0.005;

/** One finding for each incident on good evidence, strongest first. */
export function incidentFindings(summary: Summary, checked: CheckedScenario): WeighedFinding[] {
  const failures = failuresOf(summary);
  return summary.incidents
    .filter((one) => one.weak !== true)
    .map((incident, index) => ({
      severity: incident.failures > failures / 4 ? ('bad' as const) : ('warning' as const),
      sentence: sentenceFor(incident, checked),
      ...subjectOf(incident, checked),
      fromSeconds: incident.fromSeconds,
      weight: 90 * NEXT_WEIGHS ** index,
    }));
}

function sentenceFor(incident: Incident, checked: CheckedScenario): string {
  const { evidence, errorClass, failures } = incident;
  const proof = `${evidence.charAt(0).toLowerCase()}${evidence.slice(1)}`;
  return `${culpritOf(incident, checked)} caused ${counted(failures, 'failure')} (${errorClass}): ${proof}.`;
}

function culpritOf({ scope, subject, site }: Incident, { lake }: CheckedScenario): string {
  if (scope === 'service') return `The service ${subject}, and no site,`;
  if (scope === 'network') return `The network from ${subject.replace(' -> ', ' to ')}`;
  if (scope === 'client') return `The clients ${site === '' ? 'of' : 'at'} ${subject}`;
  if (subject === site) return `The site ${subject}`;
  return `The ${lake.caches.has(subject) ? 'cache' : 'storage'} ${subject} at ${site}`;
}

function subjectOf(incident: Incident, { lake }: CheckedScenario): Pick<WeighedFinding, 'subjectKind' | 'subject'> {
  const { scope, subject, site } = incident;
  if (scope === 'service') return { subjectKind: 'service', subject };
  if (scope === 'network') {
    return { subjectKind: lake.storages.has(subject.split(' -> ')[0] ?? '') ? 'link' : 'network', subject };
  }
  if (scope === 'client' && site === '') return { subjectKind: 'experiment', subject };
  if (lake.storages.has(subject)) return { subjectKind: 'storage', subject };
  return { subjectKind: lake.caches.has(subject) ? 'cache' : 'site', subject };
}

/** Failures that no incident explains. */
export function scatteredFailures(summary: Summary): WeighedFinding[] {
  const explained = summary.incidents.reduce((sum, one) => sum + one.failures, 0);
  const failures = failuresOf(summary);
  const scattered = failures - explained;
  const ended = failures + countOf(summary, 'succeeded');
  if (ended === 0 || scattered < WORTH_TELLING * ended) return [];
  const share = formatShare(scattered / ended);
  return [
    {
      severity: 'info',
      sentence: `${counted(scattered, 'failure')} of ${formatCount(ended)} operations (${share}) have no common cause.`,
      subjectKind: '',
      subject: '',
      weight: 30,
    },
  ];
}

/** Of what incidents are made of: rules fail because their transfers do and are not counted again. */
function failuresOf(summary: Summary): number {
  return countOf(summary, 'failed');
}

function countOf(summary: Summary, field: keyof OperationCounts): number {
  let sum = 0;
  for (const [kind, counts] of Object.entries(summary.operations)) {
    if (kind !== 'rule' && kind !== 'transition') sum += counts[field];
  }
  return sum;
}

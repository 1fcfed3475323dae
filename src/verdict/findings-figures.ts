// Findings that are figures: space that runs out, money, work that the end of the day cut off, and the day as a whole.
import type { OperationKind } from '../core/operation.ts';
import { formatBytes, formatCount, formatDuration, formatShare } from '../core/units.ts';
import type { Summary } from '../record/summary.ts';
import type { WeighedFinding } from './finding.ts';
import { moneyText } from './measured-text.ts';
import { counted, listed, listedBriefly } from './wording.ts';

const NEARLY_FULL = 0.9;
const FULL = 0.99;
/** A storage that was as full before the day is no news of the day. */
const GREW = 0.005;

/** One sentence for all storages that the day filled. */
export function fullStorageFindings(summary: Summary): WeighedFinding[] {
  const full = Object.entries(summary.storages)
    .map(([name, { usedBytesStart, usedBytesEnd, capacityBytes }]) => ({
      name,
      used: usedBytesEnd / capacityBytes,
      grew: (usedBytesEnd - usedBytesStart) / capacityBytes,
      text: `${name} ended ${formatShare(usedBytesEnd / capacityBytes)} full (${formatBytes(usedBytesEnd)} of ${formatBytes(capacityBytes)})`,
    }))
    .filter(({ used, grew }) => used >= NEARLY_FULL && grew >= GREW)
    .sort((a, b) => b.used - a.used);
  const [first] = full;
  if (first === undefined) return [];
  const isFull = first.used >= FULL;
  return [
    {
      severity: isFull ? 'bad' : 'warning',
      sentence: `Space ran short: ${listedBriefly(
        full.map((one) => one.text),
        3,
      )}.`,
      subjectKind: 'storage',
      subject: first.name,
      weight: isFull ? 75 : 55,
    },
  ];
}

/** What leaving sites cost, all sites in one sentence. */
export function egressFindings(summary: Summary): WeighedFinding[] {
  const paid = Object.entries(summary.sites)
    .map(([name, { egressCost }]) => ({ name, cost: egressCost }))
    .filter((one) => (one.cost?.amount ?? 0) >= 0.005)
    .sort((a, b) => (b.cost?.amount ?? 0) - (a.cost?.amount ?? 0));
  const [first] = paid;
  if (first === undefined) return [];
  const parts = paid.map(
    ({ name, cost }) => `${moneyText(cost?.amount ?? 0, cost?.currency ?? '')} for data out of ${name}`,
  );
  return [
    {
      severity: 'info',
      sentence: `Egress cost ${listedBriefly(parts, 3)}.`,
      subjectKind: 'site',
      subject: first.name,
      weight: 35,
    },
  ];
}

const UNFINISHED: readonly (readonly [OperationKind, string])[] = [
  ['upload', 'upload'],
  ['transfer', 'transfer'],
  ['download', 'read'],
  ['stage', 'recall from tape'],
  ['rule', 'rule'],
];

/** Work that was still under way when the clock ran out. */
export function unfinishedFindings(summary: Summary): WeighedFinding[] {
  let unfinished = 0;
  let asked = 0;
  const parts: string[] = [];
  for (const [kind, word] of UNFINISHED) {
    const counts = summary.operations[kind];
    if (counts === undefined) continue;
    asked += counts.requested;
    unfinished += counts.censored;
    const plural = kind === 'stage' ? 'recalls from tape' : `${word}s`;
    if (counts.censored > 0) parts.push(counted(counts.censored, word, plural));
  }
  if (unfinished === 0) return [];
  const share = unfinished / asked;
  return [
    {
      severity: share > 0.01 ? 'warning' : 'info',
      sentence: `When the clock ran out ${listed(parts)} were still under way (${formatShare(share)} of all).`,
      subjectKind: '',
      subject: '',
      weight: 25 + 50 * Math.min(1, share * 5),
    },
  ];
}

/** What the day came to. */
export function overviewFinding(summary: Summary): WeighedFinding {
  const of = (kind: OperationKind) => summary.operations[kind];
  const parts: string[] = [];
  const { upload, transfer, download } = { upload: of('upload'), transfer: of('transfer'), download: of('download') };
  if (upload !== undefined) parts.push(`${formatBytes(upload.bytes)} came in`);
  if (transfer !== undefined) {
    const ended = transfer.succeeded + transfer.failed;
    const success = ended === 0 ? '' : ` (${formatShare(transfer.succeeded / ended)} succeeded)`;
    parts.push(`${formatBytes(transfer.bytes)} were copied in ${formatCount(ended)} transfers${success}`);
  }
  if (download !== undefined)
    parts.push(`${formatBytes(download.bytes)} were read in ${formatCount(download.succeeded)} reads`);
  const duration = formatDuration(summary.clock.durationSeconds);
  return {
    severity: 'info',
    sentence: parts.length === 0 ? `Nothing moved in ${duration}.` : `In ${duration} ${listed(parts)}.`,
    subjectKind: '',
    subject: '',
    weight: 10,
  };
}

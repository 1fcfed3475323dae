// The evidence against a suspect as one plain sentence with counts.
import type { OperationKind } from '../core/operation.ts';
import { formatCount, formatTimeOfDay } from '../core/units.ts';
import { OUTCOME_CELL_SECONDS } from '../record/aggregate.ts';
import type { OutcomeRoute, RouteFailure } from './outcome-routes.ts';
import type { OutcomeTable } from './outcome-table.ts';
import type { Suspicion } from './suspicion.ts';
import type { Suspect } from './suspects.ts';

export interface Evidence {
  readonly suspect: Suspect;
  readonly suspicion: Suspicion;
  readonly booked: readonly { readonly route: OutcomeRoute; readonly failure: RouteFailure }[];
  readonly table: OutcomeTable;
  /** The clock's start: times of day are told from it. */
  readonly start: Date;
}

const PLURALS: Readonly<Record<OperationKind, string>> = {
  upload: 'uploads',
  transfer: 'transfers',
  download: 'downloads',
  delete: 'deletions',
  stage: 'recalls from tape',
  transition: 'transitions',
  rule: 'rules',
  token: 'token requests',
  probe: 'probes',
};

/** For example: `312 of 330 transfers to GSI-ROOT from 11 storages failed between 14:00 and 14:45, while those 11 storages served others without a failure`. */
export function evidenceSentence(evidence: Evidence): string {
  const { suspect, suspicion, booked } = evidence;
  const failed = booked.reduce((sum, { failure }) => sum + failure.count, 0);
  const ended = failed + suspicion.succeeded;
  const share =
    failed === ended && failed > 2 ? `All ${formatCount(failed)}` : `${formatCount(failed)} of ${formatCount(ended)}`;
  const what = `${share} ${nounOf(booked)} ${whereOf(suspect)}${withWhom(evidence)}`;
  return `${what} failed ${timesOf(evidence)}, ${comparison(evidence)}`;
}

function nounOf(booked: Evidence['booked']): string {
  const kinds = new Set(booked.map(({ route }) => route.kind));
  const [only] = kinds;
  return kinds.size === 1 && only !== undefined ? PLURALS[only] : 'operations';
}

function whereOf({ kind, subject, protocol }: Suspect): string {
  const over = protocol === '' ? '' : ` over ${protocol}`;
  switch (kind) {
    case 'source':
      return `from ${subject}${over}`;
    case 'destination':
      return `to ${subject}${over}`;
    case 'storage':
      return `to and from ${subject}${over}`;
    case 'cache':
      return `through ${subject}`;
    case 'link':
    case 'network':
      return `from ${subject.replace(' -> ', ' to ')}`;
    case 'site source':
      return `from site ${subject}`;
    case 'site destination':
      return `to site ${subject}`;
    case 'site':
      return `at site ${subject}`;
    case 'readers':
    case 'clients':
      return `of clients at ${subject}`;
    case 'experiment':
      return `of ${subject}`;
    case 'named service':
      return `that need the service ${subject}`;
    case 'service':
      return `through the service ${subject}`;
  }
}

function timesOf({ suspicion, start }: Evidence): string {
  const midnight = start.getUTCHours() * 3600 + start.getUTCMinutes() * 60 + start.getUTCSeconds();
  const from = midnight + suspicion.fromBucket * OUTCOME_CELL_SECONDS;
  const to = midnight + (suspicion.toBucket + 1) * OUTCOME_CELL_SECONDS;
  return `between ${formatTimeOfDay(from)} and ${formatTimeOfDay(to)}`;
}

/** The peers that failures of a storage or site were spread over. */
function withWhom(evidence: Evidence): string {
  const { kind } = evidence.suspect;
  const peers = peerStorages(evidence);
  if (peers.size === 0) return '';
  const storages = peers.size === 1 ? [...peers].join('') : `${formatCount(peers.size)} storages`;
  switch (kind) {
    case 'source':
    case 'site source':
      return ` to ${storages}`;
    case 'destination':
    case 'site destination':
      return ` from ${storages}`;
    case 'storage':
    case 'site':
      return ` with ${storages}`;
    case 'experiment':
      return ` at ${storages}`;
    case 'cache':
    case 'readers':
    case 'clients':
    case 'link':
    case 'network':
    case 'named service':
    case 'service':
      return '';
  }
}

/** What happened to the others in the same time, which is what makes the suspect stand out. */
function comparison(evidence: Evidence): string {
  const { suspect } = evidence;
  if (suspect.kind === 'named service' || suspect.kind === 'service') return spread(evidence);
  const peers = peerStorages(evidence);
  const withPeers = outcomesOfOthers(evidence, peers);
  if (withPeers.ended > 0) return `while ${theyOf(evidence, peers)} ${servedText(withPeers, suspect)}`;
  const all = outcomesOfOthers(evidence, undefined);
  if (all.ended === 0) return 'and there was nothing else to compare it with';
  return `while all others ${servedText(all, undefined)}`;
}

function theyOf({ suspect }: Evidence, peers: ReadonlySet<string>): string {
  if (suspect.kind === 'network' || suspect.kind === 'link') return suspect.subject.replace(' -> ', ' and ');
  if (peers.size === 1) return [...peers].join('');
  const wereNamed = suspect.kind !== 'cache' && suspect.kind !== 'readers' && suspect.kind !== 'clients';
  return `${wereNamed ? 'those' : 'the'} ${formatCount(peers.size)} storages${wereNamed ? '' : ' read from'}`;
}

function servedText({ ended, failed }: { ended: number; failed: number }, suspect: Suspect | undefined): string {
  const apart = suspect?.kind === 'cache' ? ' without it' : ' with others';
  const others = suspect === undefined ? 'operations' : `operations${apart}`;
  const only = `${formatCount(ended)} ${ended === 1 ? others.replace('operations', 'operation') : others}`;
  return failed === 0 ? `had ${only} without a failure` : `lost ${formatCount(failed)} of ${only}`;
}

/** The storages that failures of a service were spread over. */
function spread({ booked, suspect }: Evidence): string {
  const storages = new Set<string>();
  for (const { route } of booked) {
    for (const storage of [route.source, route.destination]) if (storage !== '') storages.add(storage);
  }
  if (storages.size === 0) return `as requests to ${suspect.subject} itself`;
  return storages.size === 1
    ? 'and they name the service, not the storage'
    : `spread over ${formatCount(storages.size)} storages of which none stands out`;
}

/** What others than the suspect came to in the same time: all of them, or those that touched one of `peers`. */
function outcomesOfOthers(
  { suspect, suspicion, table }: Evidence,
  peers: ReadonlySet<string> | undefined,
): { ended: number; failed: number } {
  const own = new Set(suspect.routes);
  const sums = { ended: 0, failed: 0 };
  for (const route of table.routes) {
    if (own.has(route) || !route.atStorages) continue;
    if (peers !== undefined && !peers.has(route.source) && !peers.has(route.destination)) continue;
    for (const slot of route.slots) {
      if (slot.bucket < suspicion.fromBucket || slot.bucket > suspicion.toBucket) continue;
      // What another incident explains says nothing about this one.
      const failed = slot.failures.reduce((sum, one) => sum + (one.booked === 'no' ? one.count : 0), 0);
      sums.failed += failed;
      sums.ended += slot.succeeded + failed;
    }
  }
  return sums;
}

/** The storages at the other end of what failed; of a link or path, those at both ends. */
function peerStorages({ suspect, booked }: Evidence): Set<string> {
  const isOwn = (storage: string, site: string): boolean =>
    storage === suspect.subject || (suspect.kind.startsWith('site') && site === suspect.site);
  const peers = new Set<string>();
  for (const { route } of booked) {
    if (route.source !== '' && !isOwn(route.source, route.sourceSite)) peers.add(route.source);
    if (route.destination !== '' && !isOwn(route.destination, route.destinationSite)) peers.add(route.destination);
  }
  return peers;
}

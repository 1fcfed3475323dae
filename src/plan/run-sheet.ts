// A site's run sheet as data: what the site has to expect on the day, and when.
import type { CheckedScenario, Fault, FaultTarget } from '../scenario/scenario.ts';
import type { Demand } from './demand.ts';
import type { Flow, FlowEnd } from './flow.ts';
import { peakRate } from './overview.ts';
import { partSeconds, partStart, periodsOf, type TimeGrid } from './time-grid.ts';

export const SHEET_KINDS = [
  'written here',
  'written elsewhere by clients here',
  'copied in',
  'copied out',
  'read from here',
  'read by users here',
  'fetched by a cache here',
  'fault',
] as const;
export type SheetKind = (typeof SHEET_KINDS)[number];

export interface SheetEntry {
  readonly kind: SheetKind;
  /** `SKA/pulsar-search`, a background activity's name, or a fault's text. */
  readonly who: string;
  readonly background: boolean;
  /** The site's storage or cache concerned; empty for its users and for faults. */
  readonly place: string;
  /** The other end: sites, `4 sites`, or empty. */
  readonly peer: string;
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly files: number;
  readonly bytes: number;
  /**
   * Bytes per second: over the window, and in its busiest hour (or other period). A window shorter than that counts as
   * one: how soon what is asked for at once is moved is not known before the day.
   */
  readonly meanRateBps: number;
  readonly peakRateBps: number;
}

export interface RunSheet {
  readonly site: string;
  readonly storages: readonly string[];
  /** By time, then kind and name. */
  readonly entries: readonly SheetEntry[];
}

/** Pauses shorter than this many shown periods (hours) do not end a window. */
const PAUSE_PERIODS = 2;
/** More windows than this are one: what comes and goes all day. */
const MOST_WINDOWS = 4;
/** More peers than this are counted. */
const MOST_PEERS = 3;

/** The sheets of all sites that have something to expect, in the lake's order. */
export function runSheets(checked: CheckedScenario, demand: Demand): RunSheet[] {
  return [...checked.lake.sites.keys()]
    .map((site) => runSheet(site, checked, demand))
    .filter((sheet) => sheet.entries.length > 0);
}

export function runSheet(site: string, checked: CheckedScenario, demand: Demand): RunSheet {
  const storages = [...checked.lake.storages.values()].filter((one) => one.site === site).map((one) => one.name);
  const entries = [
    ...[...groupsAt(site, demand).values()].flatMap((group) => entriesOf(group, demand.grid)),
    ...faultEntries(site, checked),
  ];
  entries.sort(
    (one, other) =>
      one.fromSeconds - other.fromSeconds ||
      SHEET_KINDS.indexOf(one.kind) - SHEET_KINDS.indexOf(other.kind) ||
      (one.who + one.place + one.peer < other.who + other.place + other.peer ? -1 : 1),
  );
  return { site, storages, entries };
}

/** Flows that a site sees as one: the same activity at the same place. */
interface Group {
  readonly kind: SheetKind;
  readonly who: string;
  readonly background: boolean;
  readonly place: string;
  readonly peers: Set<string>;
  readonly bytes: Float64Array;
  readonly files: Float64Array;
}

function groupsAt(site: string, demand: Demand): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const flow of demand.flows) {
    if (flow.totalFiles === 0) continue;
    for (const { kind, here, there } of sidesAt(site, flow)) {
      const { experiment, workflow } = flow.process;
      const who = experiment === '' ? workflow : `${experiment}/${workflow}`;
      const place = here.storage !== '' ? here.storage : here.cache;
      const key = [kind, who, place].join('\n');
      let group = groups.get(key);
      if (group === undefined) {
        const { count } = demand.grid;
        group = {
          kind,
          who,
          background: experiment === '',
          place,
          peers: new Set(),
          bytes: new Float64Array(count),
          files: new Float64Array(count),
        };
        groups.set(key, group);
      }
      if (there.site !== site) group.peers.add(there.site);
      for (let bin = 0; bin < demand.grid.count; bin++) {
        group.bytes[bin]! += flow.bytes[bin]!;
        group.files[bin]! += flow.files[bin]!;
      }
    }
  }
  return groups;
}

/** What a flow is to a site: both where both of its ends are there. */
function sidesAt(site: string, flow: Flow): { kind: SheetKind; here: FlowEnd; there: FlowEnd }[] {
  const sides: { kind: SheetKind; here: FlowEnd; there: FlowEnd }[] = [];
  if (flow.to.site === site) {
    const kind =
      flow.kind === 'upload'
        ? 'written here'
        : flow.kind === 'copy'
          ? 'copied in'
          : flow.to.cache === ''
            ? 'read by users here'
            : 'fetched by a cache here';
    sides.push({ kind, here: flow.to, there: flow.from });
  }
  if (flow.from.site !== site) return sides;
  if (flow.kind !== 'upload') {
    sides.push({ kind: flow.kind === 'copy' ? 'copied out' : 'read from here', here: flow.from, there: flow.to });
  } else if (flow.to.site !== site) {
    sides.push({ kind: 'written elsewhere by clients here', here: flow.from, there: flow.to });
  }
  return sides;
}

function entriesOf(group: Group, bins: TimeGrid): SheetEntry[] {
  const periods = periodsOf(bins.durationSeconds);
  // What comes back all day is one thing to know, not one for each time.
  const pauseSeconds = group.background ? Infinity : PAUSE_PERIODS * periods.stepSeconds;
  return windowsOf(group.files, bins, pauseSeconds).map(({ first, last }) => {
    const inWindow = (values: Float64Array): Float64Array =>
      values.map((value, bin) => (bin >= first && bin <= last ? value : 0));
    const bytes = inWindow(group.bytes);
    const fromSeconds = partStart(bins, first);
    const toSeconds = partStart(bins, last) + partSeconds(bins, last);
    const sum = bytes.reduce((total, value) => total + value, 0);
    const meanRateBps = sum / Math.max(toSeconds - fromSeconds, Math.min(periods.stepSeconds, bins.durationSeconds));
    return {
      kind: group.kind,
      who: group.who,
      background: group.background,
      place: group.place,
      peer: peerText([...group.peers].toSorted()),
      fromSeconds,
      toSeconds,
      files: inWindow(group.files).reduce((total, value) => total + value, 0),
      bytes: sum,
      meanRateBps,
      peakRateBps: Math.max(meanRateBps, peakRate(bytes, bins, periods).perSecond),
    };
  });
}

function peerText(peers: readonly string[]): string {
  return peers.length > MOST_PEERS ? `${peers.length} sites` : peers.join(', ');
}

/** The parts of the day in which something is asked, with short pauses bridged. */
function windowsOf(files: Float64Array, bins: TimeGrid, pauseSeconds: number): { first: number; last: number }[] {
  const windows: { first: number; last: number }[] = [];
  for (let bin = 0; bin < bins.count; bin++) {
    if (files[bin]! <= 0) continue;
    const open = windows.at(-1);
    if (open !== undefined && (bin - open.last) * bins.stepSeconds <= pauseSeconds) open.last = bin;
    else windows.push({ first: bin, last: bin });
  }
  if (windows.length <= MOST_WINDOWS) return windows;
  return [{ first: windows[0]!.first, last: windows.at(-1)!.last }];
}

function faultEntries(site: string, { scenario, lake }: CheckedScenario): SheetEntry[] {
  const concerned = (target: FaultTarget): boolean => {
    switch (target.kind) {
      case 'site':
        return target.name === site;
      case 'storage':
        return lake.storages.get(target.name)?.site === site;
      case 'cache':
        return lake.caches.get(target.name)?.site === site;
      case 'link':
        return target.from === site || target.to === site;
      case 'service':
        return true;
      case 'experiment':
        return false;
    }
  };
  return scenario.faults
    .filter((fault) => concerned(fault.target) && fault.forSeconds > 0)
    .filter((fault) => fault.atSeconds < scenario.clock.durationSeconds)
    .map((fault) => faultEntry(fault, scenario.clock.durationSeconds));
}

function faultEntry(fault: Fault, durationSeconds: number): SheetEntry {
  return {
    kind: 'fault',
    who: fault.text,
    background: false,
    place: '',
    peer: '',
    fromSeconds: fault.atSeconds,
    toSeconds: Math.min(durationSeconds, fault.atSeconds + fault.forSeconds),
    files: 0,
    bytes: 0,
    meanRateBps: 0,
    peakRateBps: 0,
  };
}

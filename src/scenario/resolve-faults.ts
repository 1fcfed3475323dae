// Faults: from what is written to the model; which effect makes sense on which target.
import type { ServiceName } from '../lake/lake.ts';
import { formatDuration, formatShare } from '../core/units.ts';
import { child } from '../language/pointer.ts';
import { seconds, share } from '../language/quantities.ts';
import { checkReference } from '../language/references.ts';
import type { ProblemReport } from '../language/report.ts';
import { resolveMoment } from './moments.ts';
import type { ScenarioContext } from './names.ts';
import type { Fault, FaultEffect, FaultTarget } from './scenario.ts';
import { FAULT_TARGETS, type WrittenFault } from './schema.ts';

type Effect = FaultEffect['is'];

/** Which effects a target can have. A service has no disk that fills, a link no certificate. */
const EFFECTS_OF: Readonly<Record<FaultTarget['kind'], readonly Effect[]>> = {
  site: ['unreachable', 'slow', 'failing', 'corrupting', 'capacity', 'expired', 'flapping'],
  storage: ['unreachable', 'slow', 'failing', 'corrupting', 'full', 'capacity', 'expired', 'flapping'],
  link: ['unreachable', 'slow', 'failing', 'corrupting', 'capacity', 'flapping'],
  service: ['unreachable', 'slow', 'failing', 'expired', 'flapping'],
  cache: ['unreachable', 'slow', 'failing', 'corrupting', 'full', 'capacity', 'flapping'],
  experiment: ['failing', 'expired'],
};

const EFFECT_WORDS: Readonly<Record<Effect, string>> = {
  unreachable: 'is: unreachable',
  slow: 'is: slow',
  failing: 'fails',
  corrupting: 'corrupts',
  full: 'is: full',
  capacity: 'capacity',
  expired: 'is: expired',
  flapping: 'is: flapping',
};

export function resolveFaults(written: readonly WrittenFault[], context: ScenarioContext): Fault[] {
  return context.report.entries(written, '/faults').flatMap(({ item, at }) => resolveFault(item, at, context) ?? []);
}

function resolveFault(written: WrittenFault, at: string, context: ScenarioContext): Fault | undefined {
  const { report, clock } = context;
  const target = resolveTarget(written, at, context);
  const effect = resolveEffect(written, at, report);
  const atSeconds = resolveMoment(written.at, child(at, 'at'), context, { end: 'unchecked' });
  const forSeconds = seconds(written.for);
  if (clock.known && atSeconds >= clock.durationSeconds) {
    report.warning(child(at, 'at'), 'the fault starts after the day is over', 'it has no effect');
  } else if (forSeconds === 0) {
    report.warning(child(at, 'for'), 'a fault of no length', 'it has no effect');
  }
  if (target === undefined || effect === undefined) return undefined;
  if (!EFFECTS_OF[target.kind].includes(effect.is)) {
    const possible = EFFECTS_OF[target.kind].map((each) => EFFECT_WORDS[each]).join(', ');
    const key = written.is === undefined ? effectKey(written) : 'is';
    report.mismatch(at, key, `a ${target.kind} cannot have \`${EFFECT_WORDS[effect.is]}\``, `possible: ${possible}`);
    return undefined;
  }
  return { atSeconds, forSeconds, target, effect, declared: written.declared, text: faultText(target, effect) };
}

function effectKey(written: WrittenFault): string {
  return written.fails !== undefined ? 'fails' : written.corrupts !== undefined ? 'corrupts' : 'capacity';
}

function resolveTarget(written: WrittenFault, at: string, context: ScenarioContext): FaultTarget | undefined {
  const { report, lakeNames, lake } = context;
  const kind = FAULT_TARGETS.find((candidate) => written[candidate] !== undefined);
  if (kind === undefined) return undefined;
  const name = written[kind] ?? '';
  const pointer = child(at, kind);
  const protocol = written.protocol ?? '';
  if (protocol !== '' && kind !== 'storage') {
    report.mismatch(at, 'protocol', `a ${kind} has no protocols`, 'only together with `storage`', 'key');
  }
  switch (kind) {
    case 'service':
      return { kind, name: name as ServiceName };
    case 'experiment':
      return checkReference(report, pointer, name, context.experiments) ? { kind, name } : undefined;
    case 'link':
      return resolveLink(name, pointer, context);
    default: {
      const names = { site: lakeNames?.sites, storage: lakeNames?.storages, cache: lakeNames?.caches }[kind];
      if (names === undefined || !checkReference(report, pointer, name, names)) return undefined;
      if (kind !== 'storage') return { kind, name };
      const known = lake?.storages.get(name)?.protocols.map((each) => each.name);
      if (protocol !== '' && known !== undefined) {
        checkReference(report, child(at, 'protocol'), protocol, {
          kind: 'protocol',
          known: new Set(known),
          where: ` at ${name}`,
        });
      }
      return { kind, name, protocol };
    }
  }
}

function resolveLink(text: string, pointer: string, context: ScenarioContext): FaultTarget | undefined {
  const { report, lakeNames } = context;
  const [from = '', to = ''] = text.split(' -> ');
  if (lakeNames === undefined) return undefined;
  for (const end of [from, to]) {
    if (lakeNames.sites.known.has(end)) continue;
    const offset = end === from ? 0 : text.lastIndexOf(to);
    const isStorage = lakeNames.storages.known.has(end);
    if (isStorage) report.errorAt(pointer, offset, `"${end}" is a storage`, 'a link is between two sites');
    else
      checkReference(
        { error: (at, message, hint) => report.errorAt(at, offset, message, hint) },
        pointer,
        end,
        lakeNames.sites,
      );
    return undefined;
  }
  if (from === to) {
    report.error(pointer, 'a link leads to another site');
    return undefined;
  }
  return { kind: 'link', from, to };
}

/** The effect, with what goes along only with it checked to be there, and with nothing else. */
function resolveEffect(written: WrittenFault, at: string, report: ProblemReport): FaultEffect | undefined {
  const { is } = written;
  const along: readonly (readonly ['how' | 'factor' | 'down' | 'up', readonly string[]])[] = [
    ['how', ['unreachable', 'flapping']],
    ['factor', ['slow']],
    ['down', ['flapping']],
    ['up', ['flapping']],
  ];
  for (const [key, effects] of along) {
    if (written[key] !== undefined && (is === undefined || !effects.includes(is))) {
      report.mismatch(at, key, `goes only with \`is: ${effects.join('` or `is: ')}\``, '', 'key');
    }
  }
  if (written.fails !== undefined) return { is: 'failing', share: share(written.fails) };
  if (written.corrupts !== undefined) return { is: 'corrupting', share: share(written.corrupts) };
  if (written.capacity !== undefined) return { is: 'capacity', share: share(written.capacity) };
  const missing = (key: string, example: string): undefined => {
    report.mismatch(at, 'is', `\`${key}\` is missing`, `for example ${key}: ${example}`);
    return undefined;
  };
  switch (is) {
    case 'unreachable':
      return { is, how: written.how ?? 'refused' };
    case 'slow':
      return written.factor === undefined ? missing('factor', '20') : { is, factor: written.factor };
    case 'flapping':
      if (written.down === undefined) return missing('down', '2min');
      if (written.up === undefined) return missing('up', '5min');
      return {
        is,
        downSeconds: seconds(written.down),
        upSeconds: seconds(written.up),
        how: written.how ?? 'refused',
      };
    case 'full':
    case 'expired':
      return { is };
    default:
      return undefined;
  }
}

/** One line for timelines: `GSI unreachable (hanging)`. */
function faultText(target: FaultTarget, effect: FaultEffect): string {
  const what =
    target.kind === 'link'
      ? `${target.from} -> ${target.to}`
      : target.kind === 'storage' && target.protocol !== ''
        ? `${target.name} (${target.protocol})`
        : target.name;
  switch (effect.is) {
    case 'unreachable':
      return `${what} unreachable (${effect.how})`;
    case 'slow':
      return `${what} ${effect.factor} times slower`;
    case 'failing':
      return `${what} failing ${formatShare(effect.share)}`;
    case 'corrupting':
      return `${what} corrupting ${formatShare(effect.share)}`;
    case 'full':
      return `${what} full`;
    case 'capacity':
      return `${what} at ${formatShare(effect.share)} of its capacity`;
    case 'expired':
      return target.kind === 'experiment' ? `credentials of ${what} expired` : `certificate of ${what} expired`;
    case 'flapping':
      return `${what} flapping (down ${formatDuration(effect.downSeconds)}, up ${formatDuration(effect.upSeconds)})`;
  }
}

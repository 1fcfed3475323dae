// What single transfers and uploads run into: timeouts, token lifetimes, no protocol in common, faults at the wrong time.
import { formatBytes, formatCount, formatDuration, formatRate } from '../core/units.ts';
import { linkName } from '../core/sink.ts';
import type { Lake } from '../lake/lake.ts';
import { canCopyThirdParty } from '../lake/third-party-copy.ts';
import type { CheckedScenario, Fault } from '../scenario/scenario.ts';
import type { DayClock } from './day-clock.ts';
import type { Demand, Flow } from './demand.ts';
import { faultsOn } from './fault-share.ts';
import { finding, type Finding } from './finding.ts';
import { bestRateBps, fileSeconds } from './resources.ts';
import { partAt } from './time-grid.ts';

const MIB = 1024 * 1024;

export function transferFindings(checked: CheckedScenario, demand: Demand, clock: DayClock): Finding[] {
  const { lake, scenario } = checked;
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const flow of demand.flows) {
    if (flow.totalFiles === 0) continue;
    for (const found of [timeout(flow, lake), tokenLifetime(flow, lake), noThirdParty(flow, lake)]) {
      if (found === undefined || seen.has(`${found.code} ${found.subject}`)) continue;
      seen.add(`${found.code} ${found.subject}`);
      findings.push(found);
    }
    if (flow.kind === 'upload') findings.push(...uploadsIntoFaults(flow, lake, scenario.faults, demand, clock));
  }
  return findings;
}

/** Each attempt is cut off at base + size x rate: FTS's 600 s and 2 s/MiB by default. */
function timeout(flow: Flow, lake: Lake): Finding | undefined {
  if (flow.kind !== 'copy') return undefined;
  const { timeoutSeconds, timeoutSecondsPerMiB } = lake.services.transfers;
  const allowed = timeoutSeconds + (timeoutSecondsPerMiB * flow.largestFileBytes) / MIB;
  const needed = fileSeconds(flow, flow.largestFileBytes, lake);
  if (needed <= allowed) return undefined;
  return finding({
    severity: 'error',
    code: 'transfer-timeout',
    subject: `link ${linkName(flow.from.storage, flow.to.storage)}`,
    text:
      `a file of ${formatBytes(flow.largestFileBytes)} takes at least ${formatDuration(needed)} at ` +
      `${formatRate(bestRateBps(flow, lake))}, and each attempt is cut off after ${formatDuration(allowed)}`,
    asked: needed,
    available: allowed,
    unit: 'seconds',
    hint: 'more streams, a larger TCP window or a longer timeout would let it through',
  });
}

function tokenLifetime(flow: Flow, lake: Lake): Finding | undefined {
  const { lifetimeSeconds } = lake.services.tokens;
  const needed = fileSeconds(flow, flow.largestFileBytes, lake);
  if (needed <= lifetimeSeconds) return undefined;
  const { experiment, workflow } = flow.process;
  return finding({
    severity: 'warning',
    code: 'token-lifetime',
    subject: experiment === '' ? workflow : `${experiment}/${workflow}`,
    text:
      `a file of ${formatBytes(flow.largestFileBytes)} takes at least ${formatDuration(needed)}; ` +
      `tokens live ${formatDuration(lifetimeSeconds)} and have to be refreshed in flight`,
    asked: needed,
    available: lifetimeSeconds,
    unit: 'seconds',
    hint: 'a longer token lifetime or smaller files would avoid it',
  });
}

function noThirdParty(flow: Flow, lake: Lake): Finding | undefined {
  if (flow.kind !== 'copy') return undefined;
  const source = lake.storages.get(flow.from.storage)!;
  const destination = lake.storages.get(flow.to.storage)!;
  if (canCopyThirdParty(lake, source, destination)) return undefined;
  const closed = [source, destination].find((storage) => lake.sites.get(storage.site)?.inbound === false);
  return finding({
    severity: 'warning',
    code: 'no-third-party-copy',
    subject: `link ${linkName(source.name, destination.name)}`,
    text:
      closed === undefined
        ? 'the two have no third-party-copy protocol in common: every byte passes the transfer service'
        : `nobody outside can connect to the storages of ${closed.site}`,
    hint:
      closed === undefined
        ? 'offer one protocol for third-party-copy at both'
        : 'copy from inside, or choose another storage',
  });
}

/** Uploads are clients' own: they try a few times and give up, so what is planned into an outage is lost. */
function uploadsIntoFaults(
  flow: Flow,
  lake: Lake,
  faults: readonly Fault[],
  demand: Demand,
  clock: DayClock,
): Finding[] {
  return faultsOn('storage write', flow.to.storage, lake, faults)
    .filter(({ share }) => share === 0)
    .flatMap(({ fault }) => {
      const first = partAt(demand.grid, fault.atSeconds);
      const last = partAt(demand.grid, fault.atSeconds + fault.forSeconds - 1e-6);
      let bytes = 0;
      let files = 0;
      for (let bin = first; bin <= last; bin++) {
        bytes += flow.bytes[bin]!;
        files += flow.files[bin]!;
      }
      if (files < 1) return [];
      const { experiment, workflow } = flow.process;
      return finding({
        severity: 'warning',
        code: 'uploads-meet-fault',
        subject: `${experiment === '' ? workflow : `${experiment}/${workflow}`} at ${flow.to.storage}`,
        text: `${formatCount(Math.round(files))} files (${formatBytes(bytes)}) are to be written while "${fault.text}" lasts`,
        fromSeconds: fault.atSeconds,
        toSeconds: fault.atSeconds + fault.forSeconds,
        asked: bytes,
        available: 0,
        unit: 'bytes',
        hint: `from ${clock.window(fault.atSeconds, fault.atSeconds + fault.forSeconds)} nothing can be written there`,
      });
    });
}

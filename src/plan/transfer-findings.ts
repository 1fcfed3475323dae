// What single transfers run into: timeouts, token lifetimes, no protocol in common.
import { formatBytes, formatDuration, formatRate } from '../core/units.ts';
import { linkName } from '../core/sink.ts';
import type { Lake } from '../lake/lake.ts';
import { canCopyThirdParty } from '../lake/third-party-copy.ts';
import type { CheckedScenario } from '../scenario/scenario.ts';
import type { Demand, Flow } from './demand.ts';
import { finding, type Finding } from './finding.ts';
import { bestRateBps, fileSeconds } from './places.ts';

const MIB = 1024 * 1024;

export function transferFindings({ lake }: CheckedScenario, demand: Demand): Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const flow of demand.flows) {
    if (flow.totalFiles === 0) continue;
    for (const found of [timeout(flow, lake), tokenLifetime(flow, lake), noThirdParty(flow, lake)]) {
      if (found === undefined || seen.has(`${found.code} ${found.subject}`)) continue;
      seen.add(`${found.code} ${found.subject}`);
      findings.push(found);
    }
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

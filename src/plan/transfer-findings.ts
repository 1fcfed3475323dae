// What single transfers run into: timeouts, token lifetimes, no protocol in common.
import { formatBytes, formatDuration, formatRate } from '../core/units.ts';
import { linkName } from '../core/sink.ts';
import type { Lake } from '../lake/lake.ts';
import { canCopyThirdParty } from '../lake/third-party-copy.ts';
import type { CheckedScenario } from '../scenario/scenario.ts';
import type { Demand } from './demand.ts';
import type { Flow } from './flow.ts';
import { finding, type Finding } from './finding.ts';
import { bestRateBps, fileSeconds } from './places.ts';

const MIB = 1024 * 1024;
/** Links named in one finding; the others are counted. */
const MOST_NAMED = 3;

export function transferFindings({ lake }: CheckedScenario, demand: Demand): Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const flow of demand.flows) {
    if (flow.totalFiles === 0) continue;
    for (const found of [timeout(flow, lake), tokenLifetime(flow, lake)]) {
      if (found === undefined || seen.has(`${found.code} ${found.subject}`)) continue;
      seen.add(`${found.code} ${found.subject}`);
      findings.push(found);
    }
  }
  return [...findings, ...routeFindings(demand.flows, lake)];
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

/** Links whose ends share no protocol for it, and links to or from a site that nobody outside can reach: one finding each. */
function routeFindings(flows: readonly Flow[], lake: Lake): Finding[] {
  const apart = new Set<string>();
  const closed = new Map<string, Set<string>>();
  for (const flow of flows) {
    if (flow.kind !== 'copy' || flow.totalFiles === 0) continue;
    const source = lake.storages.get(flow.from.storage)!;
    const destination = lake.storages.get(flow.to.storage)!;
    if (canCopyThirdParty(lake, source, destination)) continue;
    const link = linkName(source.name, destination.name);
    const site = [source, destination].find((storage) => lake.sites.get(storage.site)?.inbound === false)?.site;
    if (site === undefined) apart.add(link);
    else closed.set(site, (closed.get(site) ?? new Set()).add(link));
  }
  const findings = [...closed].map(([site, links]) =>
    finding({
      severity: 'warning',
      code: 'no-third-party-copy',
      subject: someOf([...links]),
      text: `nobody outside can connect to the storages of ${site}`,
      hint: 'copy from inside, or choose another storage',
    }),
  );
  if (apart.size === 0) return findings;
  const text = 'no third-party-copy protocol in common: every byte passes the transfer service';
  const hint = 'offer one protocol for third-party-copy at both ends';
  return [
    ...findings,
    finding({ severity: 'warning', code: 'no-third-party-copy', subject: someOf([...apart]), text, hint }),
  ];
}

function someOf(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).join(', ');
  return names.length > MOST_NAMED ? `${shown} and ${names.length - MOST_NAMED} more` : shown;
}

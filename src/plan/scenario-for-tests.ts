// Small scenarios and lakes for the tests of the plan: whole, with only what a test cares about written out.
import { constant } from '../core/law.ts';
import { SERVICES } from '../lake/services-for-tests.ts';
import { PROTOCOL_ACTIVITIES, type Lake, type Network, type Protocol, type Site, type Storage } from '../lake/lake.ts';
import type {
  Access,
  Background,
  CheckedScenario,
  Expectation,
  Experiment,
  Fault,
  Injection,
  ReplicationStep,
  Schedule,
  TransitionStep,
  Workflow,
} from '../scenario/scenario.ts';

export const HOUR = 3600;
export const GIGABIT = 125_000_000;

export function protocolOf(name: string, parts: Partial<Protocol> = {}): Protocol {
  return {
    name,
    scheme: name,
    url: '',
    priorities: new Map(PROTOCOL_ACTIVITIES.map((activity) => [activity, 1])),
    thirdParty: new Set(['pull', 'push']),
    ...parts,
  };
}

export function siteOf(name: string, parts: Partial<Site> = {}): Site {
  return {
    name,
    kind: 'grid',
    country: '',
    position: undefined,
    uplinkBps: Infinity,
    downlinkBps: Infinity,
    egressCost: undefined,
    inbound: true,
    ...parts,
  };
}

export function storageOf(name: string, site: string, parts: Partial<Storage> = {}): Storage {
  const qosClass = parts.qosClass ?? '';
  return {
    name,
    site,
    technology: 'eos',
    qosClass,
    attributes: new Map([
      ['site', site],
      ['class', qosClass],
      [name, 'true'],
    ]),
    capacityBytes: 1e15,
    usedBytes: 0,
    readBps: 10 * GIGABIT,
    writeBps: 10 * GIGABIT,
    perStreamBps: Infinity,
    setUp: constant(4),
    deterministic: true,
    verifyChecksum: true,
    protocols: [protocolOf('davs')],
    tape: undefined,
    ...parts,
  };
}

export interface LakeParts {
  readonly sites: readonly Site[];
  readonly storages: readonly Storage[];
  readonly network?: Partial<Network>;
  readonly transfers?: Partial<Lake['services']['transfers']>;
  readonly tokenLifetimeSeconds?: number;
  readonly caches?: Lake['caches'];
}

export function lakeOf(parts: LakeParts): Lake {
  return {
    name: 'a lake for tests',
    sites: new Map(parts.sites.map((site) => [site.name, site])),
    storages: new Map(parts.storages.map((storage) => [storage.name, storage])),
    caches: parts.caches ?? new Map(),
    network: {
      default: { rttSeconds: 0.02, capacityBps: Infinity, loss: 0, windowBytes: 4 * 1024 * 1024 },
      links: [],
      distances: new Map(),
      ...parts.network,
    },
    services: {
      ...SERVICES,
      transfers: { ...SERVICES.transfers, ...parts.transfers },
      tokens: { ...SERVICES.tokens, lifetimeSeconds: parts.tokenLifetimeSeconds ?? SERVICES.tokens.lifetimeSeconds },
    },
  };
}

/** Three sites with a disk each, the second also with tape. */
export function threeSites(): Lake {
  return lakeOf({
    sites: [siteOf('CERN'), siteOf('DESY'), siteOf('PIC')],
    storages: [
      storageOf('EULAKE-1', 'CERN', { qosClass: 'SAFE' }),
      storageOf('DESY-DCACHE', 'DESY', { qosClass: 'FAST' }),
      storageOf('DESY-TAPE', 'DESY', {
        technology: 'tape',
        qosClass: 'ARCHIVE',
        tape: {
          drives: 4,
          mountSeconds: 60,
          positionSeconds: 60,
          unmountSeconds: 60,
          speedBps: 360e6,
          bufferBytes: 1e13,
          cartridgeBytes: 12e12,
        },
      }),
      storageOf('PIC-DCACHE', 'PIC', { qosClass: 'FAST' }),
    ],
  });
}

export function scheduleOf(parts: Partial<Schedule> = {}): Schedule {
  return { fromSeconds: 0, toSeconds: 24 * HOUR, arrivals: 'steady', shape: [1], ...parts };
}

export function injectionOf(parts: Partial<Injection> = {}): Injection {
  return {
    at: 'DESY-DCACHE',
    from: 'DESY',
    datasets: 1,
    filesPerDataset: 1,
    size: constant(1e9),
    schedule: scheduleOf(),
    workers: 10,
    protocol: '',
    retries: 2,
    ...parts,
  };
}

export function ruleOf(to: string, parts: Partial<ReplicationStep> = {}): ReplicationStep {
  return {
    to,
    copies: 1,
    lifetimeSeconds: undefined,
    afterSeconds: 0,
    atSeconds: undefined,
    activity: 'Production',
    priority: 3,
    asynchronous: false,
    deleteSourceWhenDone: false,
    sources: '',
    ...parts,
  };
}

export function transitionOf(to: string, parts: Partial<TransitionStep> = {}): TransitionStep {
  return { to, afterSeconds: 0, release: true, lifetimeSeconds: undefined, ...parts };
}

export function accessOf(parts: Partial<Access> = {}): Access {
  return {
    name: 'access',
    at: 'PIC',
    through: '',
    from: 'nearest',
    schedule: scheduleOf({ arrivals: 'poisson' }),
    sessions: { count: 10 },
    filesPerSession: { min: 1, max: 1 },
    zipf: 0,
    readShare: 1,
    rangeBytes: 8 * 1024 * 1024,
    protocol: '',
    processingBps: Infinity,
    ...parts,
  };
}

export function workflowOf(name: string, parts: Partial<Workflow> = {}): Workflow {
  return {
    name,
    activity: 'Production',
    scope: 'scope',
    uses: [],
    inject: undefined,
    replicate: [],
    transition: [],
    access: [],
    ...parts,
  };
}

export function backgroundOf(parts: Partial<Background> = {}): Background {
  return {
    name: 'noise',
    everySeconds: 900,
    between: '*',
    size: constant(10e6),
    lifetimeSeconds: HOUR,
    activity: 'Functional Test',
    scope: 'background',
    fromSeconds: 0,
    toSeconds: 24 * HOUR,
    ...parts,
  };
}

export function faultOf(parts: Partial<Fault> = {}): Fault {
  return {
    atSeconds: 14 * HOUR,
    forSeconds: HOUR,
    target: { kind: 'site', name: 'DESY' },
    effect: { is: 'unreachable', how: 'refused' },
    declared: false,
    text: 'DESY unreachable (refused)',
    ...parts,
  };
}

export function expectationOf(parts: Partial<Expectation>): Expectation {
  return {
    per: 'experiment',
    of: [],
    metric: 'volume',
    statistic: 'value',
    comparison: '>=',
    limit: 0.99,
    relativeTo: '',
    overSeconds: undefined,
    during: undefined,
    exceptFaults: false,
    text: `${parts.metric ?? 'volume'} as expected`,
    ...parts,
  };
}

export interface ScenarioParts {
  readonly lake?: Lake;
  readonly seed?: number;
  readonly durationSeconds?: number;
  /** Workflows by experiment. */
  readonly experiments?: Record<string, readonly Workflow[]>;
  readonly background?: readonly Background[];
  readonly faults?: readonly Fault[];
  readonly expectations?: readonly Expectation[];
}

export function scenarioOf(parts: ScenarioParts): CheckedScenario {
  const experiments = Object.entries(parts.experiments ?? {}).map(([name, workflows]): [string, Experiment] => [
    name,
    { name, scope: name, workflows: new Map(workflows.map((workflow) => [workflow.name, workflow])) },
  ]);
  return {
    lake: parts.lake ?? threeSites(),
    scenario: {
      name: 'a scenario for tests',
      description: '',
      clock: { start: new Date('2020-11-24T00:00:00Z'), durationSeconds: parts.durationSeconds ?? 24 * HOUR },
      seed: parts.seed ?? 1,
      experiments: new Map(experiments),
      background: new Map((parts.background ?? []).map((background) => [background.name, background])),
      faults: parts.faults ?? [],
      expectations: parts.expectations ?? [],
      simulation: { quantumSeconds: 0.5 },
    },
  };
}

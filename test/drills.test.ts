// One fault of each kind in a small lake: the right limiter, the right cause, and no site blamed for a central fault.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseLimiter, type LimiterKind } from '../src/core/operation.ts';
import type { Incident } from '../src/record/summary.ts';
import { attribute } from '../src/verdict/attribute.ts';
import { rehearse, type Rehearsal } from './support/rehearse.ts';
import { ROOT } from './support/sources.ts';

/** The fault's minutes and those after it in which its backlog ends. */
const FROM_MINUTE = 10;
const TO_MINUTE = 25;

interface Drill {
  /** What must have grown most against the same half hour without the fault; several where either is right. */
  readonly limiter?: readonly LimiterKind[];
  readonly limiterSubject?: string;
  /** Whose books are looked at: the links' (default), or the experiments', which also hold reads and uploads. */
  readonly books?: 'link' | 'experiment';
  /** The incident that must be found first; none where nothing fails. */
  readonly incident?: {
    readonly scope: readonly Incident['scope'][];
    readonly subject: string;
    readonly site: string;
    readonly evidence?: RegExp;
  };
}

const AT_SOUTH_DISK = { scope: ['source', 'destination'], subject: 'SOUTH-DISK', site: 'SOUTH' } as const;
const service = (subject: string) => ({ scope: ['service'], subject, site: '' }) as const;

// Errors that a transfer service takes for final (no space, a wrong checksum, credentials refused) it does not try again;
// the catalogue does, so that its cycles are what the file waits for.
const DRILLS: Readonly<Record<string, Drill>> = {
  'storage-refuses': { limiter: ['retry delay'], incident: AT_SOUTH_DISK },
  'storage-hangs': { limiter: ['fault'], limiterSubject: 'SOUTH-DISK', incident: AT_SOUTH_DISK },
  'storage-fails-a-share': { limiter: ['retry delay'], incident: AT_SOUTH_DISK },
  'protocol-fails': { limiter: ['retry delay'], incident: { ...AT_SOUTH_DISK, evidence: /davs/ } },
  'storage-corrupts': { limiter: ['catalogue'], incident: AT_SOUTH_DISK },
  'storage-full': { limiter: ['catalogue'], incident: { ...AT_SOUTH_DISK, scope: ['destination'] } },
  'storage-slow': { limiter: ['destination write'], limiterSubject: 'SOUTH-DISK' },
  'storage-takes-longer': { limiter: ['set-up'] },
  'storage-flaps': { limiter: ['retry delay'], incident: AT_SOUTH_DISK },
  'storage-certificate-expired': { limiter: ['catalogue'], incident: AT_SOUTH_DISK },
  'link-narrow': { limiter: ['network'], limiterSubject: 'NORTH -> SOUTH' },
  'link-down': {
    limiter: ['retry delay'],
    incident: { scope: ['network'], subject: 'NORTH -> SOUTH', site: '' },
  },
  'site-unreachable': { limiter: ['retry delay'], incident: { ...AT_SOUTH_DISK, subject: 'SOUTH' } },
  'site-link-narrow': { limiter: ['destination downlink'], limiterSubject: 'SOUTH' },
  'experiment-expired': {
    limiter: ['fault'],
    limiterSubject: 'GREEN',
    incident: { scope: ['client'], subject: 'GREEN', site: '' },
  },
  'tokens-down': { limiter: ['fault'], limiterSubject: 'tokens', incident: service('tokens') },
  'tokens-slow': { limiter: ['token'] },
  // Nothing fails: what is queued waits, and goes on afterwards.
  'transfers-down': { limiter: ['fault'], limiterSubject: 'transfers' },
  'catalogue-down': { limiter: ['fault'], limiterSubject: 'catalogue', incident: service('catalogue') },
  'topology-down': { incident: service('topology') },
  'network-monitor-down': { incident: service('network-monitor') },
  'monitoring-down': { incident: service('monitoring') },
  'cache-down': {
    limiter: ['fault'],
    limiterSubject: 'CACHE-WEST',
    books: 'experiment',
    incident: { scope: ['source'], subject: 'CACHE-WEST', site: 'WEST' },
  },
};

const CENTRAL = Object.keys(DRILLS).filter((name) =>
  /^(tokens|transfers|catalogue|topology|network-mon|monitoring)/.test(name),
);

const rehearsals = new Map<string, Rehearsal>();

beforeAll(async () => {
  for (const name of ['nothing', ...Object.keys(DRILLS)]) {
    rehearsals.set(name, await rehearse(`test/drills/${name}.yaml`));
  }
});

function rehearsal(name: string): Rehearsal {
  return rehearsals.get(name) as Rehearsal;
}

/** Seconds by limiter that transfers and reads spent more than without the fault, most first. */
function growth(name: string, books: 'link' | 'experiment' = 'link'): { limiter: string; seconds: number }[] {
  const without = booked(rehearsal('nothing'), books);
  return [...booked(rehearsal(name), books)]
    .map(([limiter, seconds]) => ({ limiter, seconds: seconds - (without.get(limiter) ?? 0) }))
    .sort((a, b) => b.seconds - a.seconds);
}

function booked({ aggregate }: Rehearsal, kind: 'link' | 'experiment'): Map<string, number> {
  const books = new Map<string, number>();
  for (const subject of aggregate.subjects(kind)) {
    for (const measure of aggregate.measures(kind, subject)) {
      if (!measure.startsWith('limited_seconds:')) continue;
      const limiter = measure.slice('limited_seconds:'.length);
      const series = aggregate.series(kind, subject, measure);
      let seconds = books.get(limiter) ?? 0;
      for (let minute = FROM_MINUTE; minute < TO_MINUTE; minute++) seconds += series?.[minute] ?? 0;
      books.set(limiter, seconds);
    }
  }
  return books;
}

const incidents = (name: string): Incident[] => attribute(rehearsal(name).aggregate, rehearsal(name).checked);

describe('the drills', () => {
  const folder = join(ROOT, 'test', 'drills');

  it('have a file each and are all in the table', () => {
    const files = readdirSync(folder).filter((name) => name !== 'drill.lake.yaml');
    expect(files.sort()).toEqual(['nothing', ...Object.keys(DRILLS)].map((name) => `${name}.yaml`).sort());
  });

  it('differ in nothing but their one fault', () => {
    const read = (name: string): Record<string, unknown> =>
      parse(readFileSync(join(folder, `${name}.yaml`), 'utf8')) as Record<string, unknown>;
    const { name: _, ...steady } = read('nothing');
    for (const drill of Object.keys(DRILLS)) {
      const { name: _name, faults, ...rest } = read(drill);
      expect(rest, drill).toEqual(steady);
      expect(faults, drill).toHaveLength(1);
    }
  });

  it('find nothing wrong where nothing is', () => {
    expect(incidents('nothing')).toEqual([]);
  });
});

const HELD = Object.entries(DRILLS).filter(([, { limiter }]) => limiter !== undefined);
const FAILING = Object.entries(DRILLS).flatMap(([name, { incident }]) => (incident ? [[name, incident] as const] : []));
const WITHOUT_FAILURES = Object.keys(DRILLS).filter((name) => DRILLS[name]?.incident === undefined);

describe.each(HELD)('in the drill %s', (name, { limiter, limiterSubject, books }) => {
  it('what held the work up is named', () => {
    const { kind, subject } = parseLimiter(growth(name, books)[0]?.limiter ?? '');
    expect(limiter).toContain(kind);
    expect(subject).toBe(limiterSubject ?? subject);
  });
});

describe.each(FAILING)('in the drill %s', (name, { scope, subject, site, evidence }) => {
  it('the cause of the failures is found first', () => {
    const [first] = incidents(name);
    expect(first).toMatchObject({ subject, site });
    expect(scope).toContain(first?.scope);
    expect(first?.evidence).toMatch(evidence ?? /failed between 12:/);
  });

  it('no other site is blamed', () => {
    expect(new Set(incidents(name).map((one) => one.site))).toEqual(new Set([site]));
  });
});

describe.each(WITHOUT_FAILURES)('in the drill %s', (name) => {
  it('no failure is blamed on anybody', () => {
    expect(incidents(name)).toEqual([]);
  });
});

describe.each(CENTRAL)('the central fault of %s', (name) => {
  it('blames no site', () => {
    expect(incidents(name).filter(({ site }) => site !== '')).toEqual([]);
  });
});

describe.each([
  ['topology-down', 'topology'],
  ['network-monitor-down', 'network-monitor'],
  ['monitoring-down', 'monitoring'],
])('in the drill %s', (name, service) => {
  const oldest = (of: string): number =>
    Math.max(...(rehearsal(of).aggregate.series('service', service, 'age_seconds') ?? []));

  it('what is known grows old for as long as the fault lasts, and data move as before', () => {
    expect(oldest(name)).toBeGreaterThanOrEqual(8 * 60);
    expect(oldest('nothing')).toBeLessThanOrEqual(3 * 60);
    const transfers = (of: string): unknown => rehearsal(of).aggregate.operations().get('transfer')?.succeeded;
    expect(transfers(name)).toBe(transfers('nothing'));
  });
});

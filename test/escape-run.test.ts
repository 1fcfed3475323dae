// A run of the ESCAPE day shows what its coordinator has to see: volumes, routes, and the causes of what went wrong.
import { beforeAll, describe, expect, it } from 'vitest';
import type { SubjectKind } from '../src/core/sink.ts';
import { attribute } from '../src/verdict/attribute.ts';
import { judge } from '../src/verdict/judge.ts';
import { rehearse, type Rehearsal } from './support/rehearse.ts';

let day: Rehearsal;

beforeAll(async () => {
  day = await rehearse('scenarios/escape-fdr-2020.yaml');
});

function total(kind: SubjectKind, subject: string, measure: string): number {
  return (day.aggregate.series(kind, subject, measure) ?? new Float64Array()).reduce((sum, value) => sum + value, 0);
}

describe('a run of the ESCAPE day', () => {
  it("brings SKA's pulsar search, 3,500 files and 175 GB, in at DESY and over to EULAKE-1", () => {
    let copied = 0;
    for (const cell of day.aggregate.outcomes()) {
      const isCopy = cell.kind === 'transfer' && cell.experiment === 'SKA' && cell.errorClass === '';
      if (isCopy && cell.source === 'DESY-DCACHE' && cell.destination === 'EULAKE-1') copied += cell.count;
    }
    expect(total('workflow', 'SKA/pulsar-search', 'injected_bytes')).toBe(175e9);
    expect(total('workflow', 'SKA/pulsar-search', 'replicated_bytes')).toBe(175e9);
    expect(copied).toBeGreaterThanOrEqual(3_500 + 20 + 20_000);
  });

  it("brings SKA's single pulses, 1 GB, the same way", () => {
    expect(total('workflow', 'SKA/single-pulse-search', 'injected_bytes')).toBe(1e9);
    expect(total('workflow', 'SKA/single-pulse-search', 'replicated_bytes')).toBe(1e9);
  });

  it('lets ATLAS read from its six storages', () => {
    const read = new Set<string>();
    for (const cell of day.aggregate.outcomes()) {
      if (cell.kind === 'download' && cell.experiment === 'ATLAS' && cell.cache === '') read.add(cell.source);
    }
    const six = ['ALPAMED-DPM', 'DESY-DCACHE', 'IN2P3-CC-DCACHE', 'INFN-NA-DPM', 'PIC-DCACHE', 'SARA-DCACHE'];
    expect([...read].sort()).toEqual(six);
  });

  it.each('SKA LOFAR CTA MAGIC LSST VIRGO FAIR ATLAS CMS'.split(' '))(
    'moves data of %s and judges it',
    (experiment) => {
      expect(total('experiment', experiment, 'done_bytes')).toBeGreaterThan(1e9);
      const { expectations } = judge(day.checked, day.aggregate);
      const own = expectations.filter(({ per, subject }) => per === 'experiment' && subject === experiment);
      expect(own.some(({ verdict }) => verdict !== 'no-data')).toBe(true);
    },
  );

  it('names the cause of everything that failed in numbers, and blames no site for expired credentials', () => {
    const incidents = attribute(day.aggregate, day.checked).filter(({ failures }) => failures >= 40);
    expect(Object.fromEntries(incidents.map(({ subject, site }) => [subject, site]))).toEqual({
      'CNAF-STORM': 'CNAF',
      'GSI-ROOT': 'GSI',
      'INFN-NA-DPM': 'INFN-NAPOLI',
      'INFN-NA-DPM-FED': 'INFN-NAPOLI',
      'LAPP-WEBDAV': 'LAPP',
      MAGIC: '',
    });
  });

  it('stays a matter of a second: fewer than 250,000 operations', () => {
    let operations = 0;
    for (const { requested } of day.aggregate.operations().values()) operations += requested;
    expect(operations).toBeLessThan(250_000);
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type LoadedScenario, loadScenario } from './load.ts';

const EVERY_KEY = 'docs/reference/every-key.scenario.yaml';

describe('loading a scenario', () => {
  it('reads every key of the language without a complaint', () => {
    const { checked, warnings } = loadScenario(EVERY_KEY);
    expect(warnings).toEqual([]);
    const workflow = checked.scenario.experiments.get('SKA')?.workflows.get('pulsar-search');
    expect(workflow?.inject).toMatchObject({
      datasets: 350,
      filesPerDataset: 10,
      size: { kind: 'constant', value: 50e6 },
      schedule: { fromSeconds: 6 * 3600, toSeconds: 18 * 3600, arrivals: 'steady', shape: [0.2, 1, 1, 0.6] },
    });
    expect(checked.scenario.faults.map(({ text }) => text)).toContain('EULAKE-1 (root) failing 48%');
    expect(checked.scenario.expectations.map(({ text }) => text)).toContain('rate >= 90% of requested over 2h');
  });

  it('changes values of the scenario and of its lake with --set', () => {
    const { checked } = loadScenario(EVERY_KEY, {
      set: [
        'experiments.SKA.workflows.pulsar-search.inject.datasets.count=7',
        'lake.storages.EULAKE-1.read=1 Gbit/s',
        'faults[0].for=5min',
        'simulation=exact',
      ],
    });
    expect(checked.scenario.experiments.get('SKA')?.workflows.get('pulsar-search')?.inject?.datasets).toBe(7);
    expect(checked.lake.storages.get('EULAKE-1')?.readBps).toBe(125e6);
    expect(checked.scenario.faults[0]?.forSeconds).toBe(300);
    expect(checked.scenario.simulation.quantumSeconds).toBe(0);
  });
});

describe('the files of a run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fdr-load-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Loads what a run folder would keep, from another place. */
  function again(loaded: LoadedScenario): LoadedScenario {
    writeFileSync(join(folder, 'scenario.yaml'), loaded.sources.scenario.asRun);
    writeFileSync(join(folder, 'lake.yaml'), loaded.sources.lake.asRun);
    return loadScenario(join(folder, 'scenario.yaml'), { env: {} });
  }

  it('load again to the same scenario and lake', () => {
    const loaded = loadScenario(EVERY_KEY);
    expect(again(loaded).checked).toEqual(loaded.checked);
    // Only the lake's name is another.
    const text = readFileSync(EVERY_KEY, 'utf8').replace('lake: every-key.lake.yaml', 'lake: lake.yaml');
    expect(loaded.sources.scenario.asRun).toBe(text);
    expect(loaded.sources.lake.asRun).toBe(loaded.sources.lake.text);
  });

  it('hold the values of --set and of the environment', () => {
    const set = ['seed=5', 'lake.storages.EULAKE-1.read=1 Gbit/s', 'name=${DAY} costs $${X}'];
    const loaded = loadScenario(EVERY_KEY, { set, env: { DAY: 'today' } });
    expect(loaded.checked.scenario).toMatchObject({ seed: 5, name: 'today costs ${X}' });
    expect(again(loaded).checked).toEqual(loaded.checked);
  });

  it('hold a lake of their own where the scenario had it inside', () => {
    writeFileSync(
      join(folder, 'inline.yaml'),
      [
        'fdr: 1',
        'name: a day',
        'lake:',
        '  sites: { CERN: {}, DESY: {} }',
        '  storages:',
        '    A: &disk { site: CERN, technology: eos, capacity: 1 TB, read: 1 Gbit/s, write: 1 Gbit/s }',
        '    B: { <<: *disk, site: DESY }',
        'clock: { start: 2020-11-24, duration: 1h }',
        'background: { noise: { every: 10min, size: 1 MB } }',
      ].join('\n'),
    );
    const loaded = loadScenario(join(folder, 'inline.yaml'));
    expect(loaded.checked.lake.storages.get('B')?.site).toBe('DESY');
    expect(again(loaded).checked).toEqual(loaded.checked);
  });

  it('keep a limit that was taken away', () => {
    const { checked } = loadScenario(EVERY_KEY, { set: ['lake.sites.CERN.uplink=unlimited'] });
    expect(checked.lake.sites.get('CERN')?.uplinkBps).toBe(Infinity);
  });
});

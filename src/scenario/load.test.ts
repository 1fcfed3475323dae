import { describe, expect, it } from 'vitest';
import { loadScenario } from './load.ts';

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

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Engine } from './engine.ts';
import { FlowNetwork } from './flow-network.ts';

function numbersOf(name: string): number[][] {
  const text = readFileSync(new URL(`./test-data/${name}`, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
}

/** Lets the flows of the instance run and returns when each ended, in seconds. */
function ends(quantumSeconds: number): Float64Array {
  const [[, pathCount = 0] = [], capacities = [], ...rest] = numbersOf('simgrid-flows.txt');
  const engine = new Engine();
  const network = new FlowNetwork(engine, quantumSeconds);
  for (const capacity of capacities) network.addResource(capacity);
  const classes = rest.slice(0, pathCount).map(([cap = 0, , ...path]) => network.classOf(path, cap));
  const flows = rest.slice(pathCount);
  const ended = new Float64Array(flows.length);
  network.onEnd = (flow) => {
    ended[flow] = engine.now;
  };
  const start = engine.register((flow) => network.start(classes[flows[flow]![1]!]!, flows[flow]![2]!, flow));
  flows.forEach(([at = 0], flow) => engine.schedule(at, start, flow));
  engine.run(1e6, 1e7);
  return ended;
}

test('V10: 3,000 flows end when SimGrid 3.32 ends them, to 1e-8 of the time', () => {
  const ended = ends(0);
  let worst = 0;
  for (const [flow = 0, end = NaN] of numbersOf('simgrid-ends.txt')) {
    worst = Math.max(worst, Math.abs(ended[flow]! - end) / end);
  }
  expect(ended).toHaveLength(3000);
  expect(worst).toBeLessThanOrEqual(1e-8);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { windowCapBps } from '../lake/path.ts';
import { Engine } from './engine.ts';
import { FlowNetwork } from './flow-network.ts';

interface Flow {
  readonly path: readonly number[];
  readonly cap: number;
}

/** Starts one flow each, in exact mode, and returns their rates. */
function rates(capacities: readonly number[], flows: readonly Flow[]): number[] {
  const { network, classes } = started(capacities, flows, 1e30);
  return classes.map((flowClass) => network.rateOf(flowClass));
}

function started(capacities: readonly number[], flows: readonly Flow[], size: number) {
  const engine = new Engine();
  const network = new FlowNetwork(engine, 0);
  capacities.forEach((capacity) => network.addResource(capacity));
  const ends: number[] = [];
  network.onEnd = (owner) => {
    ends[owner] = engine.now;
  };
  const classes = flows.map((flow) => network.classOf(flow.path, flow.cap));
  classes.forEach((flowClass, index) => network.start(flowClass, size, index));
  engine.run(0, 1000);
  return { engine, network, classes, ends };
}

/** Progressive filling as in the textbook: raise all alike until something stops some. */
function progressiveFilling(capacities: readonly number[], flows: readonly Flow[]): number[] {
  const result = flows.map(() => 0);
  const frozen = flows.map(() => false);
  const left = [...capacities];
  while (frozen.includes(false)) {
    const free = flows.flatMap((_, index) => (frozen[index] ? [] : [index]));
    let step = Infinity;
    capacities.forEach((_, resource) => {
      const crossing = free.filter((index) => flows[index]!.path.includes(resource)).length;
      if (crossing > 0) step = Math.min(step, left[resource]! / crossing);
    });
    for (const index of free) step = Math.min(step, flows[index]!.cap - result[index]!);
    for (const index of free) {
      result[index]! += step;
      for (const resource of flows[index]!.path) left[resource]! -= step;
    }
    for (const index of free) {
      const held = flows[index]!.path.some((resource) => left[resource]! <= capacities[resource]! * 1e-12);
      if (held || result[index]! >= flows[index]!.cap * (1 - 1e-12)) frozen[index] = true;
    }
  }
  return result;
}

test('V1: a long flow over links of 1, 10 and 1 with a local flow on each gets half (SimGrid lmm_usage test1)', () => {
  const cap = 1e9;
  const got = rates(
    [1, 10, 1],
    [
      { path: [0, 1, 2], cap },
      { path: [0], cap },
      { path: [1], cap },
      { path: [2], cap },
    ],
  );
  [0.5, 0.5, 9.5, 0.5].forEach((expected, index) => expect(got[index]).toBeCloseTo(expected, 12));
});

test('V2: eleven flows over ten links of 10 get the shares of SimGrid lmm_usage test3', () => {
  // Which flows cross which link.
  const crossing = [
    [1, 7],
    [1, 7, 8],
    [1, 8],
    [8],
    [0, 3, 9],
    [0, 3, 4, 9],
    [0, 4, 9, 10],
    [2, 4, 6, 9, 10],
    [2, 10],
    [5, 6, 9],
  ];
  const flows = [...Array(11)].map((_, flow) => ({
    path: crossing.flatMap((members, link) => (members.includes(flow) ? [link] : [])),
    cap: 1e9,
  }));
  const expected = [3, 10 / 3, 2, 3, 2, 6, 2, 10 / 3, 10 / 3, 2, 2];
  rates(Array<number>(10).fill(10), flows).forEach((rate, flow) => expect(rate).toBeCloseTo(expected[flow]!, 12));
});

test('V4: a window of 4 MiB caps 10 GB as in SimGrid cm02-tcpgamma: latency first, then window / RTT', () => {
  const gammaBytes = 4_194_304;
  const duration = (latencySeconds: number): number => {
    const engine = new Engine();
    const network = new FlowNetwork(engine, 0);
    const flowClass = network.classOf([network.addResource(1e10)], windowCapBps(1, gammaBytes, 2 * latencySeconds));
    const start = engine.register(() => network.start(flowClass, 1e10, 0));
    let end = NaN;
    network.onEnd = () => (end = engine.now);
    engine.schedule(latencySeconds, start);
    engine.run(1e4, 100);
    return end;
  };
  // Without latency, 10 us, 1 ms and 100 ms.
  [
    [0, 1.0],
    [1e-5, 1.00001],
    [1e-3, 4.769372],
    [0.1, 476.937158],
  ].forEach(([latency, expected]) => expect(duration(latency!)).toBeCloseTo(expected!, 6));
});

test('V9: shares equal naive progressive filling on random lakes to 1e-12', () => {
  const instance = fc.integer({ min: 1, max: 12 }).chain((resources) =>
    fc.record({
      capacities: fc.array(fc.double({ min: 0.5, max: 1e3, noNaN: true }), {
        minLength: resources,
        maxLength: resources,
      }),
      flows: fc.array(
        fc.record({
          path: fc.uniqueArray(fc.nat({ max: resources - 1 }), { minLength: 1, maxLength: 5 }),
          cap: fc.double({ min: 0.01, max: 500, noNaN: true }),
        }),
        { minLength: 1, maxLength: 40 },
      ),
    }),
  );
  fc.assert(
    fc.property(instance, ({ capacities, flows }) => {
      const got = rates(capacities, flows);
      const expected = progressiveFilling(capacities, flows);
      got.forEach((rate, index) => {
        expect(Math.abs(rate - expected[index]!)).toBeLessThanOrEqual(1e-10 * Math.max(1e-3, expected[index]!));
      });
    }),
    { seed: 20201124, numRuns: 400 },
  );
});

test('every flow is at its cap or crosses a full resource on which none is faster', () => {
  const flow = fc.record({
    path: fc.uniqueArray(fc.nat({ max: 7 }), { minLength: 1, maxLength: 5 }),
    cap: fc.double({ min: 0.1, max: 50, noNaN: true }),
  });
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 1, max: 100, noNaN: true }), { minLength: 8, maxLength: 8 }),
      fc.array(flow, { minLength: 1, maxLength: 30 }),
      (capacities, flows) => {
        const got = rates(capacities, flows);
        const used = capacities.map((_, resource) =>
          flows.reduce((sum, one, index) => sum + (one.path.includes(resource) ? got[index]! : 0), 0),
        );
        used.forEach((sum, resource) => expect(sum).toBeLessThanOrEqual(capacities[resource]! * (1 + 1e-9)));
        flows.forEach((one, index) => {
          const atCap = got[index]! >= one.cap * (1 - 1e-9);
          const held = one.path.some(
            (resource) =>
              used[resource]! >= capacities[resource]! * (1 - 1e-9) &&
              flows.every((other, place) => !other.path.includes(resource) || got[place]! <= got[index]! * (1 + 1e-9)),
          );
          expect(atCap || held).toBe(true);
        });
      },
    ),
    { seed: 7, numRuns: 300 },
  );
});

/** DSLab's two-directional cases: `a` flows one way and `b` the other, of 1000 bytes, over a link of 100 bytes/s. */
function lastEnd(capacities: readonly number[], flows: readonly Flow[]): number {
  const { engine, ends } = started(capacities, flows, 1000);
  engine.run(1e6, 1e6);
  return Math.max(...ends);
}

test('V7: a shared link carries both directions in 10(a + b) s, a duplex one in 10 max(a, b) s (DSLab network tests)', () => {
  for (let a = 1; a <= 5; a++) {
    for (let b = 1; b <= 5; b++) {
      const shared = [...Array(a + b)].map(() => ({ path: [0], cap: Infinity }));
      expect(lastEnd([100], shared)).toBeCloseTo(10 * (a + b), 9);
      const duplex = [...Array(a + b)].map((_, index) => ({ path: [index < a ? 0 : 1], cap: Infinity }));
      expect(lastEnd([100, 100], duplex)).toBeCloseTo(10 * Math.max(a, b), 9);
      const unshared = [...Array(a + b)].map(() => ({ path: [0], cap: 100 }));
      expect(lastEnd([Infinity], unshared)).toBeCloseTo(10, 9);
    }
  }
});

test('bytes are conserved: what classes moved is what flows were started with, less what was cancelled', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          at: fc.double({ min: 0, max: 50, noNaN: true }),
          size: fc.double({ min: 1, max: 1e4, noNaN: true }),
          path: fc.uniqueArray(fc.nat({ max: 3 }), { minLength: 1, maxLength: 3 }),
          cancelAfter: fc.option(fc.double({ min: 0, max: 20, noNaN: true })),
        }),
        { minLength: 1, maxLength: 40 },
      ),
      fc.constantFrom(0, 0.5),
      (plan, quantum) => {
        const engine = new Engine();
        const network = new FlowNetwork(engine, quantum);
        [40, 70, 100, 15].forEach((capacity) => network.addResource(capacity));
        const handles: (number | undefined)[] = [];
        let cancelled = 0;
        network.onEnd = (owner) => {
          handles[owner] = undefined;
        };
        const start = engine.register((index) => {
          handles[index] = network.start(network.classOf(plan[index]!.path, 60), plan[index]!.size, index);
        });
        const cancel = engine.register((index) => {
          const handle = handles[index];
          if (handle === undefined) return;
          cancelled += network.cancel(handle);
          handles[index] = undefined;
        });
        plan.forEach((flow, index) => {
          engine.schedule(flow.at, start, index);
          if (flow.cancelAfter !== null) engine.schedule(flow.at + flow.cancelAfter, cancel, index);
        });
        engine.run(1e7, 1e6);
        let moved = 0;
        for (let index = 0; index < network.classes; index++) moved += network.takeBytes(index);
        const asked = plan.reduce((sum, flow) => sum + flow.size, 0);
        expect(handles.every((handle) => handle === undefined)).toBe(true);
        expect(Math.abs(moved + cancelled - asked)).toBeLessThanOrEqual(asked * 1e-9);
      },
    ),
    { seed: 11, numRuns: 200 },
  );
});

test('V8: an M/G/1 processor-sharing link holds a transfer E[S] / (C (1 - rho)), whatever the law of sizes', () => {
  // Insensitivity: Fredj et al., SIGCOMM 2001. C = 1, E[S] = 1, rho = 0.5: 2 s.
  const laws: [string, (uniform: number) => number][] = [
    ['constant', () => 1],
    ['exponential', (uniform) => -Math.log(1 - uniform)],
    ['two-valued', (uniform) => (uniform < 0.9 ? 0.5 : 5.5)],
  ];
  for (const [, law] of laws) {
    const engine = new Engine();
    const network = new FlowNetwork(engine, 0);
    const flowClass = network.classOf([network.addResource(1)], Infinity);
    const startedAt = new Float64Array(200_000);
    let sum = 0;
    let count = 0;
    network.onEnd = (owner) => {
      sum += engine.now - startedAt[owner]!;
      count++;
    };
    let state = 12345;
    const uniform = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const high = state;
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return ((high >>> 6) * 67108864 + (state >>> 6)) / 2 ** 52;
    };
    const arrive = engine.register((index) => {
      startedAt[index] = engine.now;
      network.start(flowClass, law(uniform()), index);
      if (index + 1 < startedAt.length) engine.schedule(engine.now - Math.log(1 - uniform()) / 0.5, arrive, index + 1);
    });
    engine.schedule(0, arrive, 0);
    engine.run(1e9, 1e9);
    expect(count).toBe(startedAt.length);
    expect(Math.abs(sum / count - 2)).toBeLessThanOrEqual(0.04);
  }
});

test('no resource carries more than it can, though shares are solved once per quantum', () => {
  // Twenty files of 100 bytes come at once every ten seconds to a link of 250 bytes a second: a load of 0.8, in bursts.
  const engine = new Engine();
  const network = new FlowNetwork(engine, 0.5);
  const flowClass = network.classOf([network.addResource(250)], Infinity);
  const come = engine.register(() => {
    for (let file = 0; file < 20; file++) network.start(flowClass, 100, file);
    engine.schedule(engine.now + 10, come);
  });
  engine.schedule(0, come);
  const rates: number[] = [];
  const sample = engine.register(() => {
    rates.push(network.takeBytes(flowClass));
    engine.schedule(engine.now + 1, sample);
  });
  engine.schedule(1, sample);
  // A few come one by one in between, each for less than the tolerance of 2 %.
  const one = engine.register(() => {
    network.start(flowClass, 1, 0);
    engine.schedule(engine.now + 0.37, one);
  });
  engine.schedule(0.1, one);
  engine.run(1000, 1e6);
  expect(Math.max(...rates)).toBeGreaterThan(240);
  expect(Math.max(...rates)).toBeLessThanOrEqual(250 * 1.02);
});

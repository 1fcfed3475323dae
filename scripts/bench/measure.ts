// Simulates one scenario with its recorder and prints what it cost as JSON: the worker of scripts/bench.ts.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryKeeper } from '../../src/cli/memory.ts';
import { TimedSink } from '../../src/cli/timed-sink.ts';
import { compilePlan } from '../../src/plan/compile.ts';
import { openRecorder } from '../../src/record/recorder.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { simulate } from '../../src/simulator/simulate.ts';

const [file, ...set] = process.argv.slice(2);
if (file === undefined) throw new Error('a scenario file is needed');
const { checked } = loadScenario(file, { set });
const plan = compilePlan(checked);
const path = mkdtempSync(join(tmpdir(), 'fdr-bench-'));
try {
  const recorder = await openRecorder({ path }, { checked });
  const startedAt = performance.now();
  const keepMemory = memoryKeeper();
  const sink = new TimedSink(recorder);
  const { events } = await simulate(checked, plan, sink, {
    pause: () => {
      keepMemory();
      return Promise.resolve();
    },
  });
  const wholeSeconds = (performance.now() - startedAt) / 1000;
  await recorder.close();
  const peakResidentBytes = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(
    JSON.stringify({
      operations: recorder.operations,
      events,
      wholeSeconds,
      recordingSeconds: sink.seconds,
      peakResidentBytes,
    }),
  );
} finally {
  rmSync(path, { recursive: true, force: true });
}

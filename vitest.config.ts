// How the tests run: unit tests beside the code, tests of whole commands and of the sources under test/.
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest, the longest first: they start first, so that no core is idle at the end. */
const LONGEST = ['test/fuzz.test.ts', 'test/cli/', 'src/report/render-html.test.ts', 'src/simulator/'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const found = LONGEST.findIndex((part) => moduleId.includes(part));
      return found < 0 ? LONGEST.length : found;
    };
    return (await super.sort(files)).toSorted((left, right) => rank(left) - rank(right));
  }
}

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Tests that need a browser are a lane of their own: npm run test:browser.
    exclude: ['test/browser/**', 'node_modules/**'],
    testTimeout: 60_000,
    // All cores; by itself vitest leaves one free, which is half of a small machine.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.test.ts', 'src/**/*-for-tests.ts'],
      reporter: ['text-summary', 'html', 'json-summary'],
    },
  },
});

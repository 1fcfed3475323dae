import { expect, test } from 'vitest';
import { isRetryable, transferTimeoutSeconds } from './errors.ts';

test('a transfer times out after 600 s and 2 s for each MiB, as in FTS', () => {
  expect(transferTimeoutSeconds(0, 600, 2)).toBe(600);
  expect(transferTimeoutSeconds(50 * 2 ** 20, 600, 2)).toBe(700);
});

test('FTS tries again after a time-out, not after a wrong checksum, a full storage or an expired credential', () => {
  expect(isRetryable('timeout')).toBe(true);
  expect(isRetryable('connection-refused')).toBe(true);
  expect((['checksum-mismatch', 'no-space', 'credential-expired', 'no-such-file'] as const).some(isRetryable)).toBe(
    false,
  );
});

import { expect, test } from 'vitest';
import type { OutcomeCell, RunAggregate } from '../record/aggregate.ts';
import { commonestError, type Failed } from './commonest-error.ts';

function cell(parts: Partial<OutcomeCell>): OutcomeCell {
  return {
    bucket: 0,
    kind: 'transfer',
    source: 'DESY-DCACHE',
    sourceSite: 'DESY',
    destination: 'GSI-ROOT',
    destinationSite: 'GSI',
    cache: '',
    protocol: 'davs',
    service: 'transfers',
    experiment: 'SKA',
    errorClass: 'timeout',
    errorScope: 'destination',
    count: 1,
    ...parts,
  };
}

const CELLS = [
  cell({ count: 5 }),
  cell({ errorClass: '', errorScope: '', count: 100 }),
  cell({ errorClass: 'no-space', count: 3, experiment: 'MAGIC' }),
  cell({ errorClass: 'no-space', count: 9, bucket: 20 }),
  cell({ errorClass: 'connection-refused', count: 7, source: 'PIC-DCACHE', sourceSite: 'PIC' }),
];

function ask(parts: Partial<Failed>): string {
  const aggregate = { outcomes: () => CELLS } as unknown as RunAggregate;
  return commonestError(aggregate, { per: 'run', subject: '', direction: '', from: 0, to: 1440, ...parts });
}

test('the commonest error is that of the subject asked for, in the minutes asked for', () => {
  expect(ask({})).toBe('no-space');
  expect(ask({ to: 100 })).toBe('connection-refused');
  expect(ask({ per: 'experiment', subject: 'MAGIC' })).toBe('no-space');
  expect(ask({ per: 'link', subject: 'DESY-DCACHE -> GSI-ROOT', to: 100 })).toBe('timeout');
  expect(ask({ per: 'site', subject: 'GSI', direction: 'in_', to: 100 })).toBe('connection-refused');
  expect(ask({ per: 'site', subject: 'GSI', direction: 'out_' })).toBe('');
  expect(ask({ per: 'storage', subject: 'PIC-DCACHE', direction: 'out_' })).toBe('connection-refused');
});

test('where nothing failed there is none', () => {
  expect(ask({ per: 'experiment', subject: 'CTA' })).toBe('');
});

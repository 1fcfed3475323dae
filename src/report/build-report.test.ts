// What the pages of a report answer: the table in the design of the reports, line by line.
import { describe, expect, it } from 'vitest';
import { buildReport } from './build-report.ts';
import type { Page, TableBlock } from './document.ts';
import { runForTests } from './run-for-tests.ts';

const report = buildReport(runForTests());

function page(id: string): Page {
  const found = report.pages.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no page ${id} among ${report.pages.map((one) => one.id).join(', ')}`);
  return found;
}

function table(of: Page, id: string): TableBlock {
  const found = of.sections
    .flatMap((section) => section.blocks)
    .find((block) => block.kind === 'table' && block.id === id);
  if (found?.kind !== 'table') throw new Error(`no table ${id} on ${of.id}`);
  return found;
}

/** A table's rows as objects of its cells' texts. */
function texts(of: TableBlock): Record<string, string>[] {
  return of.rows.map((row) => Object.fromEntries(row.map((one, index) => [of.columns[index]?.id ?? '', one.text])));
}

function charts(of: Page): string[] {
  return of.sections.flatMap((section) =>
    section.blocks.flatMap((block) => (block.kind === 'chart' ? [block.id] : [])),
  );
}

describe('the front page', () => {
  const front = page('overview');

  it('says the verdict with its arithmetic', () => {
    expect(front.verdict).toBe('not-met');
    expect(front.lead).toBe('3 of 10 expectations were not met; for 1 there was no data.');
  });

  it('adds up an expectation over its subjects and names the worst', () => {
    expect(texts(table(front, 'expectation-groups'))[0]).toEqual({
      verdict: 'not met',
      per: 'site',
      expectation: 'success >= 95%',
      met: '6',
      not_met: '1',
      no_data: '0',
      worst: '89.2%',
      worst_subject: 'PIC',
      limiter: 'fault PIC',
    });
  });

  it('has the day, the matrix of links and the map', () => {
    expect(charts(front)).toEqual(['day', 'matrix', 'map']);
  });

  it('says of each link what was asked, what it got, its success and its limiter', () => {
    const link = texts(table(front, 'links')).find((row) => row['source'] === 'ORM' && row['destination'] === 'PIC');
    expect(link).toMatchObject({
      asked_bytes: '3.3 TB',
      got_share: '62%',
      success_share: '90.5%',
      limiter: 'network ORM -> PIC',
    });
  });

  it('blames no site for a central fault', () => {
    const [, tokens] = texts(table(front, 'incidents'));
    expect(tokens).toMatchObject({ scope: 'service', subject: 'tokens', site: 'none' });
  });

  it('tells the findings in their order, each with the page where there is more', () => {
    const list = front.sections.flatMap((section) => section.blocks).find((block) => block.kind === 'list');
    expect(list?.kind === 'list' && list.items[0]).toEqual({
      text: 'PIC was unreachable from 14:00 to 14:45: 120 transfers failed.',
      page: 'site-pic',
      pageName: 'PIC',
    });
  });
});

describe('the page of a site', () => {
  const pic = page('site-pic');

  it('shows asked and given hour by hour, with the limiter of each hour', () => {
    const hours = texts(table(pic, 'hours'));
    expect(hours).toHaveLength(24);
    expect(hours[14]).toMatchObject({
      from_seconds: '14:00',
      in_success_share: '40%',
      limiter: 'source read PIC-DISK',
    });
  });

  it('draws rates in and out, who limited it, and its space', () => {
    expect(charts(pic)).toEqual(['rate-in', 'rate-out', 'sides', 'space']);
  });

  it('tells success by protocol and by peer', () => {
    expect(texts(table(pic, 'protocols')).map((row) => row['protocol'])).toEqual(['davs', 'root']);
    expect(texts(table(pic, 'peers')).map((row) => row['way'])).toContain('out');
  });

  it('tells success before, during and after a fault, and how soon it recovered', () => {
    expect(texts(table(pic, 'faults'))[0]).toEqual({
      fault: 'PIC unreachable (hanging)',
      from_seconds: '14:00',
      to_seconds: '14:45',
      success_before: '100%',
      success_during: '0%',
      success_after: '100%',
      recovery_seconds: 'at once',
    });
  });

  it('counts an operation once, also one that begins and ends at the site', () => {
    const figures = pic.sections.find((section) => section.id === 'figures')?.blocks[0];
    const success = figures?.kind === 'facts' ? figures.items[0] : undefined;
    // 1,800 by davs and 200 by root succeeded, 120 by root failed.
    expect([success?.value.text, success?.note]).toEqual(['94.3%', '120 failed']);
  });

  it('has tape and caches where the site has them', () => {
    expect(charts(page('site-cnaf'))).toContain('drives-CNAF-TAPE');
    expect(charts(page('site-lapp'))).toContain('cache-XCACHE-LAPP');
    expect(pic.sections.map((section) => section.id)).not.toContain('tape');
  });
});

describe('the pages of services', () => {
  it('show the catalogue by its rules and locks, and the time until rules were done', () => {
    const catalogue = page('service-catalogue');
    expect(charts(catalogue)).toEqual(['rules', 'locks', 'requests']);
    expect(texts(table(catalogue, 'time-to-done'))[0]).toMatchObject({
      experiment: 'SKA',
      unfinished: '2',
      max_seconds: 'not done',
    });
  });

  it('show the transfer service by queue, limits, optimizer moves, retries and errors', () => {
    const transfers = page('service-transfers');
    expect(charts(transfers)).toEqual(['queued', 'active', 'limits', 'retries', 'requests']);
    expect(texts(table(transfers, 'links'))[0]).toMatchObject({
      limit_min: '2',
      limit_max: '26',
      raised: '23',
      lowered: '0',
    });
    expect(texts(table(transfers, 'errors'))[0]).toMatchObject({
      scope: 'destination',
      class: 'timeout',
      count: '120',
    });
  });

  it('show when what a service says was too old', () => {
    expect(texts(table(page('service-topology'), 'gaps'))).toEqual([
      { from_seconds: '12:01', to_seconds: '13:20', duration_seconds: '1h 19min', age_seconds: '3h 19min' },
    ]);
  });

  it('show what a cache saved', () => {
    expect(page('service-xcache-lapp').lead).toBe('700 sessions read 7.0 TB through it; 71.4% came from its own disk.');
  });

  it('show when storages answered, and how fast by operation', () => {
    const storages = page('service-storage-endpoints');
    expect(storages.lead).toContain('PIC-DISK answered least, 96.9% of the time');
    expect(texts(table(storages, 'latency'))[0]).toMatchObject({ operation: 'transfer in', p95_seconds: '1min 20s' });
  });
});

describe('the page of an experiment', () => {
  const ska = page('experiment-ska');

  it('shows volume against plan, time to data, where it can be read, access and limiters', () => {
    expect(charts(ska)).toEqual(['volume', 'times', 'arrivals', 'reading', 'latency', 'held']);
    expect(texts(table(ska, 'workflows'))[0]).toMatchObject({
      planned_files: '3,500',
      injected_files: '3,465',
      injected_share: '99%',
    });
  });

  it('says when data could be read at each storage', () => {
    expect(texts(table(ska, 'readable'))[0]).toMatchObject({
      storage: 'CERN-DISK',
      first_seconds: '05:00',
      last_seconds: '05:13',
    });
  });

  it('tells what egress cost', () => {
    const cost = page('experiment-lsst').sections.find((section) => section.id === 'cost');
    expect(cost?.blocks[0]?.kind === 'facts' && cost.blocks[0].items[0]?.value.text).toBe('12.50 EUR');
  });

  it('is found under a safe address whatever its name', () => {
    expect(page('experiment-ego-virgo').title).toBe('EGO/VIRGO');
  });
});

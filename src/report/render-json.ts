// The report as JSON: the same pages, with the raw value of each cell. Its schema is schema/report.schema.json.
import { REPORT_SCHEMA, type Block, type Page, type ReportDocument } from './document.ts';
import type { ReportFile } from './report-schema.ts';

export function renderJson(report: ReportDocument): string {
  return `${JSON.stringify(toReportFile(report), null, 1)}\n`;
}

/** The document without what only a drawing needs: the points of charts are in series.parquet. */
export function toReportFile(report: ReportDocument): ReportFile {
  return {
    schema: REPORT_SCHEMA,
    version: report.version,
    title: report.title,
    verdict: report.verdict,
    pages: report.pages.map(pageOf),
  };
}

function pageOf(page: Page): ReportFile['pages'][number] {
  return {
    id: page.id,
    kind: page.kind,
    name: page.name,
    title: page.title,
    verdict: page.verdict ?? null,
    lead: page.lead,
    sections: page.sections.map((section) => ({
      id: section.id,
      title: section.title,
      blocks: section.blocks.map(blockOf),
    })),
  };
}

function blockOf(block: Block): ReportFile['pages'][number]['sections'][number]['blocks'][number] {
  switch (block.kind) {
    case 'paragraph':
      return { kind: 'paragraph', text: block.text };
    case 'list':
      return { kind: 'list', items: block.items.map((item) => item.text) };
    case 'facts':
      return {
        kind: 'facts',
        items: block.items.map(({ label, value, note }) => ({ label, value: value.value, text: value.text, note })),
      };
    case 'table':
      return {
        kind: 'table',
        id: block.id,
        caption: block.caption,
        columns: block.columns.map(({ id, title }) => ({ id, title })),
        rows: block.rows.map((row) => row.map((cell) => cell.value)),
      };
    case 'chart':
      return { kind: 'chart', id: block.id, title: block.title, caption: block.caption };
  }
}

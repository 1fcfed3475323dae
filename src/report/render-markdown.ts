// The report as Markdown: the same pages, tables and sentences; charts are there by their captions.
import { verdictWords } from './cells.ts';
import type { Block, Cell, ListItem, Page, ReportDocument, TableBlock } from './document.ts';

export function renderMarkdown(report: ReportDocument): string {
  return `${report.pages.map(renderPage).join('\n\n---\n\n')}\n\n---\n\nMade by fdr ${report.version}.\n`;
}

function renderPage(page: Page, index: number): string {
  const heading = index === 0 ? '#' : '##';
  const verdict = page.verdict === undefined ? '' : `**Verdict: ${verdictWords(page.verdict)}.** `;
  const parts = [
    `<a id="${page.id}"></a>\n\n${heading} ${escapeMarkdown(page.title)}`,
    verdict + escapeMarkdown(page.lead),
  ];
  for (const section of page.sections) {
    const blocks = section.blocks.map(renderBlock);
    if (blocks.length > 0) parts.push(`${heading}# ${escapeMarkdown(section.title)}`, ...blocks);
  }
  return parts.join('\n\n');
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return escapeMarkdown(block.text);
    case 'list':
      return block.items.map(listLine).join('\n');
    case 'facts':
      return block.items
        .map(
          ({ label, value, note }) =>
            `- ${escapeMarkdown(label)}: ${cellText(value)}${note === '' ? '' : ` (${escapeMarkdown(note)})`}`,
        )
        .join('\n');
    case 'chart':
      return `*${escapeMarkdown(block.title)}.* ${escapeMarkdown(block.caption)}`;
    case 'table':
      return renderTable(block);
  }
}

function listLine(item: ListItem, index: number): string {
  const more = item.page === '' ? '' : ` ([${escapeMarkdown(item.pageName)}](#${item.page}))`;
  return `${index + 1}. ${escapeMarkdown(item.text)}${more}`;
}

function renderTable(table: TableBlock): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `**${escapeMarkdown(table.caption)}**`,
    '',
    line(table.columns.map((column) => escapeMarkdown(column.title))),
    line(table.columns.map((column) => (column.align === 'number' ? '---:' : '---'))),
    ...table.rows.map((row) => line(row.map(cellText))),
  ].join('\n');
}

function cellText(cell: Cell): string {
  const text = escapeMarkdown(cell.text);
  return cell.page === '' ? text : `[${text}](#${cell.page})`;
}

/** Names come from files that others wrote: nothing in them may become markup, a link or a table border. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/[\r\n\t]+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/(^|\s)>/g, '$1&gt;')
    .replaceAll(/[\\`*_[\]|]/g, String.raw`\$&`)
    .replaceAll(/^(\s*\d*)([#+.)-])(?=\s)/g, String.raw`$1\$2`);
}

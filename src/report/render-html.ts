// The report as one HTML file that opens offline: no request leaves it, and its policy would not let one.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { verdictWords } from './cells.ts';
import type { ChartDrawing, LegendItem } from './charts/drawing.ts';
import { ChartRenderer } from './charts/render-chart.ts';
import type {
  Block,
  Cell,
  ChartBlock,
  Fact,
  ListItem,
  Page,
  PageKind,
  ReportDocument,
  Section,
  TableBlock,
} from './document.ts';
import { escapeXml as escape } from './escape-xml.ts';

const STYLE = readFileSync(new URL('html/report.css', import.meta.url), 'utf8');
const SCRIPT = readFileSync(new URL('html/report.js', import.meta.url), 'utf8');

/** Pixels below which a drawing is not stretched to a wide figure's least width. */
const NARROW_DRAWING = 740;

const NAVIGATION: readonly (readonly [kind: PageKind, title: string])[] = [
  ['site', 'Sites'],
  ['service', 'Services'],
  ['experiment', 'Experiments'],
];

export async function renderHtml(report: ReportDocument, warn?: (message: string) => void): Promise<string> {
  const charts = new ChartRenderer(warn);
  const pages: string[] = [];
  for (const page of report.pages) pages.push(await renderPage(page, charts));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="fdr ${escape(report.version)}">
<title>${escape(report.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the report</a>
${renderHeader(report)}
<div class="frame">
${renderNavigation(report)}
<main id="content" tabindex="-1">
${pages.join('\n')}
</main>
</div>
<footer><p>Made by fdr ${escape(report.version)} from the run folder alone. The same figures are in report.md, report.json and summary.json beside this file.</p></footer>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

/** Nothing may be loaded from anywhere; style and script are those of this file, known by their hashes. */
function contentPolicy(): string {
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return [
    "default-src 'none'",
    `style-src ${hash(STYLE)}`,
    `script-src ${hash(SCRIPT)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function renderHeader(report: ReportDocument): string {
  return `<header class="top">
<p class="brand"><a href="#overview">${escape(report.title)}</a></p>
<p class="top-verdict">${verdictMark(report.verdict)}</p>
<div class="theme" role="group" aria-label="Colours" hidden>
<button type="button" data-theme="auto" aria-pressed="true">Auto</button><button type="button" data-theme="light" aria-pressed="false">Light</button><button type="button" data-theme="dark" aria-pressed="false">Dark</button>
</div>
</header>`;
}

function renderNavigation(report: ReportDocument): string {
  const link = (page: Page): string =>
    `<li><a href="#${page.id}"><span>${escape(page.name)}</span>${page.verdict === undefined ? '' : verdictMark(page.verdict, 'small')}</a></li>`;
  const groups = NAVIGATION.map(([kind, title]) => {
    const pages = report.pages.filter((page) => page.kind === kind);
    return pages.length === 0 ? '' : `<h2>${title}</h2>\n<ul>${pages.map(link).join('')}</ul>`;
  });
  const overview = report.pages.filter((page) => page.kind === 'overview');
  return `<nav aria-label="Pages of the report">
<details class="pages" open><summary>Pages</summary>
<ul>${overview.map(link).join('')}</ul>
${groups.join('\n')}
</details>
</nav>`;
}

async function renderPage(page: Page, charts: ChartRenderer): Promise<string> {
  const sections: string[] = [];
  for (const section of page.sections) sections.push(await renderSection(section, page, charts));
  return `<article class="page ${page.kind}" id="${page.id}" aria-labelledby="${page.id}-title">
<header class="page-head">
<p class="overline">${escape(page.overline)}</p>
<h1 id="${page.id}-title" tabindex="-1">${escape(page.title)}</h1>
<p class="lead">${page.verdict === undefined ? '' : `${verdictMark(page.verdict)} `}${escape(page.lead)}</p>
</header>
${sections.join('\n')}
</article>`;
}

async function renderSection(section: Section, page: Page, charts: ChartRenderer): Promise<string> {
  if (section.blocks.length === 0) return '';
  const id = anchor(page.id, section.id);
  const blocks: string[] = [];
  let figures: string[] = [];
  const flush = (): void => {
    if (figures.length > 0) blocks.push(`<div class="figures">${figures.join('\n')}</div>`);
    figures = [];
  };
  for (const block of section.blocks) {
    if (block.kind === 'chart') {
      figures.push(await renderChart(block, id, charts));
    } else if (figures.length === 1 && standsBeside(block)) {
      figures.push(renderBlock(block, id));
    } else {
      flush();
      blocks.push(renderBlock(block, id));
    }
  }
  flush();
  return `<section aria-labelledby="${id}">
<h2 id="${id}">${escape(section.title)}</h2>
${blocks.join('\n')}
</section>`;
}

/** A table narrow enough for half of the page's width. */
function standsBeside(block: Block): boolean {
  return block.kind === 'table' && block.columns.length <= 4 && block.rows.length <= 14;
}

function renderBlock(block: Exclude<Block, ChartBlock>, prefix: string): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p class="prose">${escape(block.text)}</p>`;
    case 'list':
      return `<ol class="findings">${block.items.map(renderItem).join('')}</ol>`;
    case 'facts':
      return `<dl class="facts">${block.items.map(renderFact).join('')}</dl>`;
    case 'table':
      return renderTable(block, prefix);
  }
}

function renderItem(item: ListItem): string {
  const more = item.page === '' ? '' : ` <a href="#${item.page}">${escape(item.pageName)}</a>`;
  return `<li>${escape(item.text)}${more}</li>`;
}

function renderFact(fact: Fact): string {
  const note = fact.note === '' ? '' : `<dd class="note">${escape(fact.note)}</dd>`;
  return `<div><dt>${escape(fact.label)}</dt><dd${fact.value.text.length > 13 ? ' class="words"' : ''}>${cellHtml(fact.value)}</dd>${note}</div>`;
}

function renderTable(table: TableBlock, prefix: string): string {
  const id = anchor(prefix, table.id);
  const head = table.columns
    .map((column) => `<th scope="col"${column.align === 'number' ? ' class="n"' : ''}>${escape(column.title)}</th>`)
    .join('');
  const row = (cells: readonly Cell[]): string =>
    `<tr>${cells.map((cell, index) => renderCell(cell, table.columns[index]?.align === 'number', index)).join('')}</tr>`;
  // The caption stands outside what scrolls, or a narrow screen would show half of it.
  return `<div class="table"><p class="caption" id="${id}">${escape(table.caption)}</p>
<div class="scroll" role="region" aria-labelledby="${id}">
<table aria-labelledby="${id}">
<thead><tr>${head}</tr></thead>
<tbody>
${table.rows.map(row).join('\n')}
</tbody></table></div></div>`;
}

/** Numbers carry their raw value, by which the table sorts. */
function renderCell(cell: Cell, numeric: boolean, index: number): string {
  const value = typeof cell.value === 'number' ? ` data-v="${cell.value}"` : '';
  const name = numeric ? (cell.value === 0 ? 'n zero' : 'n') : textClass(cell.text);
  const classes = name === '' ? '' : ` class="${name}"`;
  return index === 0 && cell.page !== ''
    ? `<th scope="row"${classes}${value}>${cellHtml(cell)}</th>`
    : `<td${classes}${value}>${cellHtml(cell)}</td>`;
}

/** Long texts may break; names stay whole. */
function textClass(text: string): string {
  return text.length > 60 ? 'long' : text.length > 32 ? 'text' : '';
}

function cellHtml(cell: Cell): string {
  if (cell.verdict !== undefined) return verdictMark(cell.verdict);
  const text = escape(cell.text);
  return cell.page === '' ? text : `<a href="#${cell.page}">${text}</a>`;
}

/** A verdict is its words and a shape of its own; the colour only repeats them. */
function verdictMark(verdict: NonNullable<Cell['verdict']>, size = ''): string {
  return `<span class="verdict ${verdict} ${size}">${escape(verdictWords(verdict))}</span>`.replace(' ">', '">');
}

async function renderChart(block: ChartBlock, prefix: string, charts: ChartRenderer): Promise<string> {
  const id = anchor(prefix, block.id);
  const svg = await charts.render(block.drawing);
  const width = Number(/ width="([\d.]+)"/.exec(svg)?.[1] ?? 0);
  // A drawing of few parts stays as small as it is.
  const size = block.drawing.wide && width < NARROW_DRAWING ? ' class="narrow"' : '';
  const labelled = svg.replace(
    '<svg ',
    `<svg${size} role="img" aria-labelledby="${id}" aria-describedby="${id}.words" `,
  );
  return `<figure${block.drawing.wide ? ' class="wide"' : ''}>
<figcaption><p class="figure-title" id="${id}">${escape(block.title)}</p><p id="${id}.words">${escape(block.caption)}</p></figcaption>
${renderLegend(block.drawing)}<div class="drawing">${labelled}</div>
</figure>`;
}

function renderLegend(drawing: ChartDrawing): string {
  if (drawing.legend.length === 0) return '';
  const item = (one: LegendItem): string =>
    `<li><span class="key ${one.symbol} ${one.colour}" aria-hidden="true"></span>${escape(one.label)}</li>`;
  return `<ul class="legend">${drawing.legend.map(item).join('')}</ul>\n`;
}

/** An element's id: block ids hold names, and ids may hold no spaces or markup. Other characters are told by their numbers. */
function anchor(prefix: string, id: string): string {
  return `${prefix}.${id.replaceAll(/[^A-Za-z0-9-]/g, (character) => `_${character.codePointAt(0)?.toString(16) ?? ''}`)}`;
}

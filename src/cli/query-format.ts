// How the answer to a query is laid out: lines of CSV, a table as wide as the terminal, values for JSON.
import type { Cell, QueryColumn } from '../record/query.ts';
import { fitLine } from './terminal.ts';

const GAP = '  ';
/** A table whose columns would get less than this on average is printed as a list of records. */
const NARROWEST_COLUMN = 8;

/**
 * One line of CSV (RFC 4180, but with a line feed alone at the end of the line, as Unix tools want it). NULL and the
 * empty text are both empty.
 */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvField).join(',')}\n`;
}

function csvField(cell: Cell): string {
  const text = cellText(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A value as text: numbers in the shortest way that reads back the same, NULL as nothing. */
export function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'object') return JSON.stringify(jsonCell(cell));
  return Object.is(cell, -0) ? '0' : String(cell);
}

/** A value as JSON takes it: numbers that are none become null, whole numbers beyond 2^53 texts. */
export function jsonCell(cell: Cell): unknown {
  if (typeof cell === 'bigint') return String(cell);
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : null;
  if (cell === null || typeof cell !== 'object') return cell;
  if (Array.isArray(cell)) return cell.map((item: Cell) => jsonCell(item));
  return Object.fromEntries(Object.entries(cell).map(([name, value]) => [name, jsonCell(value)]));
}

/** A table no wider than `width` characters; with more columns than fit, one line for each value instead. */
export function tableText(columns: readonly QueryColumn[], rows: readonly (readonly Cell[])[], width: number): string {
  const texts = rows.map((row) => row.map((cell) => visible(cellText(cell))));
  const names = columns.map(({ name }) => visible(name));
  const natural = names.map((name, index) => Math.max(1, length(name), ...texts.map((row) => length(row[index]!))));
  const room = width - GAP.length * (columns.length - 1);
  const fits = natural.reduce((sum, one) => sum + one, 0) <= room;
  if (!fits && room < columns.length * NARROWEST_COLUMN) return recordsText(names, texts, width);
  const widths = fits ? natural : shareRoom(natural, room);
  const line = (cells: readonly string[], isHead: boolean): string =>
    cells
      .map((text, index) => pad(fitLine(text, widths[index]!), widths[index]!, !isHead && columns[index]!.isNumber))
      .join(GAP)
      .trimEnd();
  const lines = [
    line(names, true),
    widths.map((one) => '─'.repeat(one)).join(GAP),
    ...texts.map((row) => line(row, false)),
  ];
  return `${lines.join('\n')}\n`;
}

function recordsText(names: readonly string[], texts: readonly (readonly string[])[], width: number): string {
  const nameWidth = Math.min(Math.max(...names.map(length)), Math.floor(width / 2));
  const lines = texts.flatMap((row, number) => [
    fitLine(`row ${number + 1}`, width),
    ...row.map((text, index) => fitLine(`${GAP}${pad(names[index]!, nameWidth, false)}${GAP}${text}`, width).trimEnd()),
  ]);
  return lines.length === 0 ? 'no rows\n' : `${lines.join('\n')}\n`;
}

/** Widths that add up to at most `room`: narrow columns keep theirs, the wide ones share what is left evenly. */
function shareRoom(natural: readonly number[], room: number): number[] {
  const widths = natural.map(() => 0);
  const open = new Set(natural.keys());
  let left = room;
  for (;;) {
    const share = Math.max(1, Math.floor(left / open.size));
    const narrow = [...open].filter((index) => natural[index]! <= share);
    for (const index of narrow) {
      widths[index] = natural[index]!;
      left -= natural[index]!;
      open.delete(index);
    }
    if (open.size === 0) return widths;
    if (narrow.length > 0) continue;
    for (const index of open) widths[index] = share;
    return widths;
  }
}

/** What would move the cursor or colour the terminal is shown as a dot. */
function visible(text: string): string {
  return text.replaceAll(/\p{C}/gu, '·');
}

function length(text: string): number {
  return [...text].length;
}

function pad(text: string, width: number, isRight: boolean): string {
  const space = ' '.repeat(Math.max(0, width - length(text)));
  return isRight ? space + text : text + space;
}

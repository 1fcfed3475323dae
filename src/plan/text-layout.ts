// Plain text in columns: wrapping, cutting, tables. Without knowledge of terminals or of what the text says.

/** Breaks a text at spaces into lines of at most `width` characters; a longer word stands alone. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Cuts a text to a width; two dots stand for what is missing. */
export function cutText(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 2))}..`;
}

export interface TableColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** One column may give way where the whole is too wide. */
  readonly shrinks?: boolean;
}

/** Rows under their titles, columns two spaces apart; the first line is the titles, empty where none has one. */
export function tableLines(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  width: number,
): { titles: string; lines: string[] } {
  const widths = columns.map(({ title }, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const excess = widths.reduce((sum, one) => sum + one + 2, -2) - width;
  const shrinking = columns.findIndex((column) => column.shrinks === true);
  if (excess > 0 && shrinking >= 0) widths[shrinking] = Math.max(8, widths[shrinking]! - excess);
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const text = cutText(cell, widths[column]!);
        return columns[column]!.align === 'left' ? text.padEnd(widths[column]!) : text.padStart(widths[column]!);
      })
      .join('  ')
      .trimEnd();
  return { titles: line(columns.map(({ title }) => title)), lines: rows.map(line) };
}

// Finds the figures of a scenario or lake file that do not say where they come from.
//
// A tag is `[published: SOURCE]`, `[derived: ARITHMETIC]` or `[assumed: REASON]`, in a comment. The rule, line by line:
//
// 1. A figure is a word of a value that starts with a digit, after any quote, sign or comparison: `50 MB`, `06:00`, `>= 95%`,
//    `1..8`. Names that hold digits (`EULAKE-1`, `s3`) are none, nor are keys, the version (`fdr: 1`, `fdr-lake: 1`) and
//    the prose of `name:` and `description:`.
// 2. A line that holds a figure has a tag when one stands in the comment at its end, or in the comment lines directly above it,
//    or in the comment lines that open the block it is in.
// 3. It also has one when the header of its block has one by rule 2, and so on outwards: the header is the nearest line above that
//    is less indented (the first line of a list item is the header of the item's other lines).
// 4. A top-level section (`sites:`, `faults:`, ...) speaks only for the lines directly in it, not for the blocks of those:
//    otherwise one tag would cover everything and say nothing of any figure.

export interface UntaggedFigure {
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
  readonly figures: readonly string[];
}

interface Line {
  readonly number: number;
  readonly indentation: number;
  /** Without comment and without the spaces around it; empty for a line of comment only. */
  readonly content: string;
  readonly comment: string;
  readonly prose: boolean;
}

const TAG = /\[(?:published|derived|assumed): [^\]]*\S[^\]]*\]/;

/** All lines with figures that no tag covers, in order. `text` is the file's text. */
export function untaggedFigures(text: string): UntaggedFigure[] {
  const lines = readLines(text);
  const found: UntaggedFigure[] = [];
  lines.forEach((line, index) => {
    const figures = figuresOf(line);
    if (figures.length > 0 && !isCovered(lines, index)) {
      found.push({ line: line.number, text: line.content, figures });
    }
  });
  return found;
}

function readLines(text: string): Line[] {
  const lines: Line[] = [];
  let proseDeeperThan: number | undefined;
  text.split(/\r?\n/).forEach((raw, index) => {
    if (raw.trim() === '') return;
    const indentation = raw.length - raw.trimStart().length;
    if (proseDeeperThan !== undefined && indentation > proseDeeperThan) {
      lines.push({ number: index + 1, indentation, content: raw.trim(), comment: '', prose: true });
      return;
    }
    proseDeeperThan = undefined;
    const { content, comment } = splitComment(raw);
    if (/^[\w-]+:\s*[>|][+-]?$/.test(content)) proseDeeperThan = indentation;
    lines.push({ number: index + 1, indentation, content, comment, prose: false });
  });
  return lines;
}

/** A `#` starts a comment at the line's start or after a space, outside quotes (YAML 1.2.2, 6.6). */
function splitComment(raw: string): { content: string; comment: string } {
  let quote = '';
  for (let index = 0; index < raw.length; index++) {
    const character = raw[index] as string;
    if (quote !== '') {
      if (character === '\\' && quote === '"') index++;
      else if (character === quote) quote = '';
    } else if ((character === '"' || character === "'") && /[\s,[{(:]|^$/.test(raw[index - 1] ?? '')) {
      quote = character;
    } else if (character === '#' && /\s|^$/.test(raw[index - 1] ?? '')) {
      return { content: raw.slice(0, index).trim(), comment: raw.slice(index) };
    }
  }
  return { content: raw.trim(), comment: '' };
}

function figuresOf(line: Line): string[] {
  if (line.prose || /^fdr(-lake)?:/.test(line.content)) return [];
  const values = line.content
    .replace(/^(?:- )?(?:name|description):.*$/, '') // prose
    .replace(/([{,]\s*)name:[^,}]*/g, '$1') // a name in a flow map
    .replace(/(^|[\s{[,])(?:"[^"]*"|'[^']*'|[^\s{}[\],"']+):(?=\s|$)/g, '$1'); // keys
  return values
    .split(/[\s,{}[\]]+/)
    .map((word) => word.replace(/^['"]?(?:[<>]=?|=)?['"]?/, ''))
    .filter((word) => /^[-+]?\.?\d/.test(word));
}

function isCovered(lines: readonly Line[], index: number): boolean {
  if (isTagged(lines, index)) return true;
  let inside = index;
  for (;;) {
    const header = headerOf(lines, inside);
    if (header === undefined) return false;
    const isSection = lines[header]?.indentation === 0;
    if (!isSection || inside === index) {
      if (isTagged(lines, header) || commentBelow(lines, header)) return true;
    }
    inside = header;
  }
}

function isTagged(lines: readonly Line[], index: number): boolean {
  return TAG.test(lines[index]?.comment ?? '') || commentAbove(lines, index);
}

/** Whether the comment lines that stand directly above a line, as far indented, hold a tag. */
function commentAbove(lines: readonly Line[], index: number): boolean {
  const { indentation } = lines[index] as Line;
  for (let above = index - 1; above >= 0; above--) {
    const line = lines[above] as Line;
    if (line.content !== '' || line.indentation !== indentation) return false;
    if (TAG.test(line.comment)) return true;
  }
  return false;
}

/** Whether the comment lines that open the block of a header hold a tag. */
function commentBelow(lines: readonly Line[], header: number): boolean {
  for (let below = header + 1; below < lines.length; below++) {
    const line = lines[below] as Line;
    if (line.content !== '') return false;
    if (TAG.test(line.comment)) return true;
  }
  return false;
}

function headerOf(lines: readonly Line[], index: number): number | undefined {
  const { indentation, content } = lines[index] as Line;
  for (let above = index - 1; above >= 0; above--) {
    const line = lines[above] as Line;
    if (line.content === '') continue;
    if (line.indentation < indentation) return above;
    const opensList = line.indentation === indentation && line.content.endsWith(':') && !line.content.startsWith('- ');
    if (content.startsWith('- ') && opensList) return above;
  }
  return undefined;
}

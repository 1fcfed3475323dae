// From YAML text to plain data, with the place of every part of it.
//
// The data is made from the syntax tree here and not by the library's own conversion, so that places, limits,
// duplicate keys, aliases, merge keys and `${NAME:-default}` are all handled in one walk that is bounded.
import {
  type Alias,
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  Parser,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { formatCount } from '../core/units.ts';
import { type Environment, substitute } from './environment.ts';
import { LIMITS } from './limits.ts';
import { child, printable } from './pointer.ts';
import { movePlaces, type Place, type Places, ProblemReport } from './report.ts';
import type { SourceText } from './source.ts';
import { explainSyntaxError } from './syntax-errors.ts';

export type Data = null | boolean | number | string | Data[] | { [key: string]: Data };

export interface LoadedDocument {
  readonly source: SourceText;
  /** Mappings have no prototype, so that no key can be mistaken for one of the language's own. */
  data: Data;
  readonly places: Places;
  readonly report: ProblemReport;
  /** The text is no YAML that is read here: there is no data to go on with. */
  unreadable: boolean;
  /** Whether `${NAME}` was replaced anywhere: the data then is not what the file says. */
  substituted: boolean;
}

/** Reads the one document of a text. Mistakes go to the report; what could be read is in `data`. */
export function readDocument(source: SourceText, environment: Environment): LoadedDocument {
  const places: Places = { keys: new Map(), values: new Map(), texts: new Map(), pointers: new WeakMap() };
  const report = new ProblemReport(source.path, places);
  const loaded: LoadedDocument = { source, data: null, places, report, unreadable: false, substituted: false };
  const lines = new LineCounter();
  const document = compose(loaded, lines);
  if (document === undefined) loaded.unreadable = true;
  else new Reader(loaded, lines, environment).read(document);
  return loaded;
}

/** The syntax tree, or undefined where the text is no YAML that is read here: the report says why. */
function compose(loaded: LoadedDocument, lines: LineCounter): Document | undefined {
  const { text, path } = loaded.source;
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    lineCounter: lines,
  });
  const complain = (offset: number, message: string, hint = ''): void => {
    const position = lines.linePos(offset);
    // Syntax errors have no path: each gets a place of its own under a name that no data has.
    const pointer = `\u0000${offset}`;
    loaded.places.values.set(pointer, { file: path, line: position.line || 1, column: position.col || 1 });
    loaded.report.syntaxError(pointer, message, hint);
  };
  const tokens = [];
  let offset = 0;
  let pieces = 0;
  let openQuote: { quote: string; offset: number } | undefined;
  for (const lexeme of new Lexer().lex(text)) {
    // The lexer marks documents, flows and scalars with characters of its own that no text read here holds.
    if (!LEXER_MARKS.has(lexeme)) {
      if (isUnclosed(lexeme)) openQuote ??= { quote: lexeme.slice(0, 1), offset };
      offset += lexeme.length;
    }
    if (++pieces > LIMITS.pieces) {
      complain(
        parser.offset,
        `more than ${formatCount(LIMITS.pieces)} words and signs before this`,
        'keep files small',
      );
      return undefined;
    }
    tokens.push(...parser.next(lexeme));
    // The parser's stack holds up to three entries for a level.
    if (parser.stack.length > 3 * LIMITS.nesting + 3) {
      complain(parser.offset, `nested deeper than ${LIMITS.nesting} levels`);
      return undefined;
    }
  }
  tokens.push(...parser.end());
  const documents = [...composer.compose(tokens, true, text.length)];
  const first = documents[0];
  if (first === undefined) return undefined;
  for (const other of documents.slice(1, 2)) {
    complain(other.range[0], 'a second document starts here', 'keep one document in a file');
  }
  const mistakes = [...first.errors, ...first.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  if (mistakes.length > 0 && openQuote !== undefined) {
    complain(openQuote.offset, `this ${openQuote.quote} is never closed`);
    return undefined;
  }
  const seenLines = new Set<number>();
  for (const [index, mistake] of mistakes.entries()) {
    if (mistake.pos[0] === mistakes[index - 1]?.pos[0]) continue;
    const { message, hint, offset: at } = explainSyntaxError(mistake, text);
    const { line } = lines.linePos(at);
    // One mistake often makes the library complain about all that follows it: the first few are the true ones.
    if (seenLines.has(line) || seenLines.size >= 3) continue;
    seenLines.add(line);
    complain(at, message, hint);
    if (mistake.code === 'UNEXPECTED_TOKEN') break;
  }
  const version = first.directives?.yaml;
  if (version?.explicit === true && version.version !== '1.2') {
    complain(0, `YAML ${version.version} is not read`, 'remove the %YAML line: YAML 1.2 is meant');
  }
  return loaded.report.hasErrors ? undefined : first;
}

/** Byte-order mark, document, end of flow, scalar: see the library's Lexer. */
const LEXER_MARKS = new Set(['\ufeff', '\u0002', '\u0018', '\u001f']);

/** A quoted text that the end of the file or of its block cuts off. */
function isUnclosed(lexeme: string): boolean {
  const quote = lexeme.slice(0, 1);
  if (quote !== '"' && quote !== "'") return false;
  if (lexeme.length < 2 || !lexeme.endsWith(quote)) return true;
  return quote === '"' && /(?:^|[^\\])(?:\\\\)*\\"$/.test(lexeme);
}

class Reader {
  readonly #loaded: LoadedDocument;
  readonly #lines: LineCounter;
  readonly #environment: Environment;
  readonly #anchors = new Map<string, Node>();
  readonly #open = new Set<Node>();
  #values = 0;
  #full = false;

  constructor(loaded: LoadedDocument, lines: LineCounter, environment: Environment) {
    this.#loaded = loaded;
    this.#lines = lines;
    this.#environment = environment;
  }

  read(document: Document): void {
    this.#loaded.data = document.contents === null ? null : this.#convert(document.contents, '', 0);
  }

  #place(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#loaded.source.path, line, column: col };
  }

  #convert(node: Node, pointer: string, depth: number): Data {
    const { places } = this.#loaded;
    if (!isAlias(node)) places.values.set(pointer, this.#place(node.range?.[0] ?? 0));
    if (++this.#values > LIMITS.values) {
      this.#stop(pointer, `more than ${formatCount(LIMITS.values)} values once aliases are expanded`);
      return null;
    }
    if (depth > LIMITS.nesting) {
      this.#stop(pointer, `nested deeper than ${LIMITS.nesting} levels`);
      return null;
    }
    if (isAlias(node)) return this.#alias(node, pointer, depth);
    if ('anchor' in node && typeof node.anchor === 'string') this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return this.#scalar(node, pointer);
    this.#open.add(node);
    const data = isMap(node) ? this.#map(node, pointer, depth) : isSeq(node) ? this.#list(node, pointer, depth) : null;
    this.#open.delete(node);
    return data;
  }

  /** A limit is passed: nothing more is read. */
  #stop(pointer: string, message: string): void {
    if (!this.#full) this.#loaded.report.error(pointer, message);
    this.#full = true;
    this.#loaded.unreadable = true;
  }

  /** A mistake in one value, of which nothing more is said; the rest is still checked. */
  #spoiled(pointer: string, message: string, hint = ''): void {
    this.#loaded.report.error(pointer, message, hint);
    this.#loaded.report.hush(pointer);
  }

  #alias(node: Alias, pointer: string, depth: number): Data {
    const target = this.#target(node, pointer);
    return target === undefined ? null : this.#convert(target, pointer, depth + 1);
  }

  /** What an alias stands for; complains and gives undefined where there is no such thing. */
  #target(node: Alias, pointer: string): Node | undefined {
    const { places } = this.#loaded;
    places.values.set(pointer, this.#place(node.range?.[0] ?? 0));
    const target = this.#anchors.get(node.source);
    if (target === undefined) {
      this.#spoiled(pointer, `no anchor &${printable(node.source)} before this alias`);
    } else if (this.#open.has(target)) {
      this.#spoiled(pointer, `the alias *${printable(node.source)} stands inside what it names`);
      return undefined;
    }
    return target;
  }

  #list(node: YAMLSeq, pointer: string, depth: number): Data[] {
    const list: Data[] = [];
    this.#loaded.places.pointers?.set(list, pointer);
    for (const [index, item] of node.items.entries()) {
      if (this.#full) break;
      list.push(this.#convert(item as Node, child(pointer, index), depth + 1));
    }
    return list;
  }

  #map(node: YAMLMap, pointer: string, depth: number): Data {
    const data = Object.create(null) as { [key: string]: Data };
    this.#loaded.places.pointers?.set(data, pointer);
    const merges: Node[] = [];
    for (const pair of node.items) {
      if (this.#full) break;
      const key = this.#key(pair.key as Node | null, pointer);
      if (key === undefined) continue;
      const value = pair.value as Node | null;
      const at = child(pointer, key.text);
      if (key.merge) {
        if (value !== null) merges.push(value);
        continue;
      }
      if (Object.hasOwn(data, key.text)) {
        const first = this.#loaded.places.keys.get(at);
        this.#loaded.places.keys.set(at, key.place);
        this.#loaded.report.keyError(at, `is there twice (first in line ${first?.line ?? 0})`);
        continue;
      }
      this.#loaded.places.keys.set(at, key.place);
      if (value === null) {
        this.#loaded.places.values.set(at, key.place);
        data[key.text] = null;
      } else {
        data[key.text] = this.#convert(value, at, depth + 1);
      }
    }
    for (const merge of merges) this.#merge(merge, data, pointer, depth);
    return data;
  }

  /** A key's text; undefined where it is none. `<<` merges (yaml.org/type/merge): its keys give way to those written. */
  #key(node: Node | null, pointer: string): { text: string; merge: boolean; place: Place } | undefined {
    const { report, places } = this.#loaded;
    const place = this.#place(node?.range?.[0] ?? 0);
    if (isAlias(node) || !isScalar(node) || node.value === null) {
      const at = child(pointer, `\u0000${place.line}:${place.column}`);
      if (node !== null) places.values.set(at, place);
      report.syntaxError(node === null ? pointer : at, 'a key must be plain text');
      return undefined;
    }
    if (typeof node.anchor === 'string') this.#anchors.set(node.anchor, node);
    const text = node.type === 'PLAIN' ? (node.source ?? String(node.value)) : String(node.value);
    return { text, merge: text === '<<' && node.type === 'PLAIN', place };
  }

  #merge(node: Node, data: { [key: string]: Data }, pointer: string, depth: number): void {
    const { report, places } = this.#loaded;
    const at = child(pointer, '<<');
    const target = isAlias(node) ? this.#target(node, at) : node;
    if (target === undefined) return;
    if (isSeq(target) && !isAlias(node)) {
      for (const item of target.items) this.#merge(item as Node, data, pointer, depth + 1);
      return;
    }
    if (!isMap(target)) {
      places.values.set(at, this.#place(node.range?.[0] ?? 0));
      report.error(at, 'only a mapping can be merged with `<<`');
      return;
    }
    // Read under its own pointer first, so that the places of keys written here are not overwritten.
    const merged = this.#convert(target, at, depth + 1);
    if (merged === null || typeof merged !== 'object' || Array.isArray(merged)) return;
    for (const [key, value] of Object.entries(merged)) {
      if (Object.hasOwn(data, key)) continue;
      data[key] = value;
      movePlaces(places, value, child(at, key), child(pointer, key));
    }
  }

  #scalar(node: Scalar, pointer: string): Data {
    const { report, places } = this.#loaded;
    const { value } = node;
    if (typeof value === 'number') {
      if (Number.isFinite(value)) return value;
      this.#spoiled(pointer, `${printable(node.source ?? String(value))} is not a finite number`);
      return null;
    }
    if (typeof value === 'string') {
      if (value.length > LIMITS.textLength) {
        this.#spoiled(pointer, `a text of more than ${LIMITS.textLength} characters`);
        return '';
      }
      const start = (node.range?.[0] ?? 0) + (node.type === 'PLAIN' ? 0 : 1);
      if (this.#loaded.source.text.startsWith(value, start)) places.texts.set(pointer, this.#place(start));
      if (!value.includes('$')) return value;
      const replaced = substitute(value, this.#environment);
      if ('message' in replaced) {
        report.errorAt(pointer, replaced.offset, replaced.message, replaced.hint);
        report.hush(pointer);
        return value;
      }
      if (replaced.changed) {
        this.#loaded.substituted = true;
        places.texts.delete(pointer);
      }
      return replaced.value;
    }
    if (typeof value === 'boolean' || value === null) return value;
    this.#spoiled(pointer, 'not text, a number, true or false');
    return null;
  }
}

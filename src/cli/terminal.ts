// The one place that writes to the terminal: results to stdout, progress and messages to stderr.
import { styleText } from 'node:util';
import { monotonicSeconds } from './clock.ts';

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Seconds between two progress lines where no terminal shows one line that is updated. */
const PROGRESS_LINE_SECONDS = 10;
/** Seconds between two updates of the progress line on a terminal. */
const PROGRESS_UPDATE_SECONDS = 0.1;
/** Columns assumed where there is no terminal. */
const DEFAULT_COLUMNS = 100;
const NARROWEST_COLUMNS = 20;

/** Moves to the line's start and clears it (ECMA-48 CR, EL 2). */
const CLEAR_LINE = '\r\u001b[2K';

const closedStreams = new WeakSet<NodeJS.WriteStream>();

/**
 * Makes a reader that went away (`fdr ... | head`) a quiet end of output: further writes are dropped and the command
 * goes on to its own exit code. To be called once, before anything is written.
 */
export function tolerateClosedStreams(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
      closedStreams.add(stream);
    });
  }
}

/** Writes text as it is, unless the reader of the stream has gone away. */
export function writeTo(stream: NodeJS.WriteStream, text: string): void {
  if (!closedStreams.has(stream) && !stream.destroyed) stream.write(text);
}

/** Waits until all that was written has left the process. */
export async function flushOutput(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    if (closedStreams.has(stream) || stream.destroyed || stream.writableLength === 0) continue;
    await new Promise<void>((done) => {
      stream.once('error', () => done());
      stream.write('', () => done());
    });
  }
}

/** A terminal that does not know its width says 0; what is no terminal says nothing. */
function columnsOf(stream: NodeJS.WriteStream): number {
  return Math.max(NARROWEST_COLUMNS, stream.columns || DEFAULT_COLUMNS);
}

export interface TerminalOptions {
  /** Only one JSON document goes to stdout; the texts of `result` are dropped. */
  readonly json?: boolean | undefined;
  /** Only errors are shown on stderr, and no result text. */
  readonly quiet?: boolean | undefined;
}

/** What a command prints through. */
export class Terminal {
  readonly #json: boolean;
  readonly #quiet: boolean;
  #progressShown = false;
  #progressAtSeconds = -Infinity;

  constructor(options: TerminalOptions = {}) {
    this.#json = options.json === true;
    this.#quiet = options.quiet === true;
  }

  /** Whether text results are wanted: neither --json nor --quiet. */
  get showsText(): boolean {
    return !this.#json && !this.#quiet;
  }

  /** Whether stdout is a terminal that somebody looks at. */
  get isInteractive(): boolean {
    return process.stdout.isTTY;
  }

  /** Columns that a line of stdout may fill. */
  get columns(): number {
    return columnsOf(process.stdout);
  }

  /** True once the reader of stdout has gone away; a command with much to print may stop. */
  get closed(): boolean {
    return closedStreams.has(process.stdout) || process.stdout.destroyed;
  }

  /** A text for stdout; a newline is added. Dropped under --json and --quiet. */
  result(text: string): void {
    if (!this.showsText) return;
    this.#endProgress();
    writeTo(process.stdout, `${text}\n`);
  }

  /** The command's one JSON document for stdout. Dropped unless --json was given. */
  json(value: unknown): void {
    if (!this.#json) return;
    this.#endProgress();
    writeTo(process.stdout, `${JSON.stringify(value, null, 2)}\n`);
  }

  /** Raw data for stdout (CSV, say), written whatever the other options are. */
  data(text: string): void {
    this.#endProgress();
    writeTo(process.stdout, text);
  }

  /** A message for stderr: what is worth knowing, without being the result. Dropped under --quiet. */
  note(text: string): void {
    if (this.#quiet) return;
    this.#endProgress();
    writeTo(process.stderr, `${text}\n`);
  }

  /** An error's line for stderr, always shown. */
  error(text: string): void {
    this.#endProgress();
    writeTo(process.stderr, `${text}\n`);
  }

  /** How far the command is: one updating line on a terminal, a line every 10 s elsewhere. */
  progress(text: string): void {
    if (this.#quiet) return;
    const now = monotonicSeconds();
    if (process.stderr.isTTY) {
      if (now - this.#progressAtSeconds < PROGRESS_UPDATE_SECONDS) return;
      writeTo(process.stderr, CLEAR_LINE + fitLine(text, columnsOf(process.stderr) - 1));
      this.#progressShown = true;
    } else {
      // The first line comes after the first interval: a short command stays silent.
      if (this.#progressAtSeconds === -Infinity) this.#progressAtSeconds = now;
      if (now - this.#progressAtSeconds < PROGRESS_LINE_SECONDS) return;
      writeTo(process.stderr, `${text}\n`);
    }
    this.#progressAtSeconds = now;
  }

  #endProgress(): void {
    if (!this.#progressShown) return;
    this.#progressShown = false;
    writeTo(process.stderr, CLEAR_LINE);
  }
}

/** The text in a style where stdout is a terminal that wants colours (NO_COLOR and FORCE_COLOR are honoured). */
export function style(styles: Style | Style[], text: string): string {
  return styleText(styles, text, { stream: process.stdout, validateStream: true });
}

/** Cuts a line to at most `columns` characters, with an ellipsis for what is missing. */
export function fitLine(text: string, columns: number): string {
  const line = text.replaceAll('\n', ' ');
  const characters = [...line];
  return characters.length <= columns ? line : `${characters.slice(0, Math.max(0, columns - 1)).join('')}…`;
}

/** Breaks a text at spaces into lines of at most `columns` characters; lines after the first are indented. */
export function wrapLine(text: string, columns: number, indent = ''): string {
  const lines: string[] = [];
  let line = /^ */.exec(text)?.[0] ?? '';
  let isEmpty = true;
  for (const word of text.trim().split(/ +/)) {
    const candidate = isEmpty ? line + word : `${line} ${word}`;
    if (!isEmpty && [...candidate].length > columns) {
      lines.push(line);
      line = indent + word;
    } else {
      line = candidate;
    }
    isEmpty = false;
  }
  lines.push(line);
  return lines.join('\n');
}

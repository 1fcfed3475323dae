// run.log of a run folder: JSON lines by pino, and on stderr those that --log-level asks for, as plain text.
import { pino, type Logger } from 'pino';
import type { LogLevel } from './options.ts';
import type { Terminal } from './terminal.ts';

/** Names of pino's numeric levels. */
const LEVEL_NAMES: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

/**
 * A log that writes to a file, synchronously, so that a killed run keeps every line. The file gets `info` and above
 * (`debug` too where that level was asked for).
 */
export function openRunLog(path: string, level: LogLevel, terminal: Terminal): Logger {
  const fileLevel = level === 'debug' ? 'debug' : 'info';
  const streams: pino.StreamEntry[] = [{ level: fileLevel, stream: pino.destination({ dest: path, sync: true }) }];
  if (level !== 'silent') {
    streams.push({ level, stream: { write: (line: string) => terminal.note(plainLine(line)) } });
  }
  return pino({ level: fileLevel, base: {} }, pino.multistream(streams));
}

/** A log line for people: level, message, and the other fields as they are. */
function plainLine(line: string): string {
  const { level, time: _time, msg, ...fields } = JSON.parse(line) as { level: number; time: number; msg?: string };
  const rest = Object.keys(fields).length === 0 ? '' : ` ${JSON.stringify(fields)}`;
  return `${LEVEL_NAMES[level] ?? level}: ${msg ?? ''}${rest}`;
}

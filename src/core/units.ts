// Quantities with units: reading what people write (`5 Gbit/s`, `2 TiB`, `1h30m`, `95%`) and writing numbers for people.
//
// Case matters: `b` is bits and `B` bytes; k M G T P E are powers of 1000 (SI), Ki Mi Gi Ti Pi Ei of 1024 (IEC 80000-13).
import { ExitCode, FdrError } from './errors.ts';
import { nearest } from './nearest.ts';

/**
 * What a quantity measures, and the base unit its value is kept in:
 * bytes (whole), rate (bytes per second), duration (seconds), share (0..1), time-of-day (seconds since midnight),
 * event-rate (events per second).
 */
export const QUANTITY_KINDS = ['bytes', 'rate', 'duration', 'share', 'time-of-day', 'event-rate'] as const;
export type QuantityKind = (typeof QUANTITY_KINDS)[number];

/** Thrown by the parse functions: what is wrong with one quantity, and what to write instead. */
export class QuantityError extends FdrError {
  constructor(message: string, hint: string) {
    super('bad-quantity', message, { hint, exitCode: ExitCode.usage });
  }
}

const PREFIXES: readonly (readonly [string, number])[] = [
  ['', 1],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['P', 1e15],
  ['E', 1e18],
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
  ['Ti', 2 ** 40],
  ['Pi', 2 ** 50],
  ['Ei', 2 ** 60],
];

/** Seconds by the unit of time, longest first; `m` is the short form of `min`. */
const TIME_UNITS: readonly (readonly [string, number])[] = [
  ['w', 604800],
  ['d', 86400],
  ['h', 3600],
  ['min', 60],
  ['m', 60],
  ['s', 1],
  ['ms', 1e-3],
  ['us', 1e-6],
];
const PER_TIME = new Map([
  ['s', 1],
  ['min', 60],
  ['h', 3600],
  ['d', 86400],
]);

const BYTE_UNITS = new Map(PREFIXES.map(([prefix, factor]) => [`${prefix}B`, factor]));
const RATE_UNITS = rateUnits();

function rateUnits(): Map<string, number> {
  const units = new Map<string, number>();
  for (const [prefix, factor] of PREFIXES) {
    for (const [time, seconds] of PER_TIME) {
      units.set(`${prefix}B/${time}`, factor / seconds);
      units.set(`${prefix}bit/${time}`, factor / 8 / seconds);
      units.set(`${prefix}b/${time}`, factor / 8 / seconds);
    }
    units.set(`${prefix}bps`, factor / 8);
    units.set(`${prefix}Bps`, factor);
  }
  return units;
}

const NUMBER = '\\d{1,30}(?:\\.\\d{1,30})?(?:[eE]\\d{1,3})?';
const BYTES = '(?:[kMGTPE]|[KMGTPE]i)?B';
const RATE = '(?:[kMGTPE]|[KMGTPE]i)?(?:(?:B|bit|b)/(?:s|min|h|d)|bps|Bps)';
const CLOCK = '(?:(?:[01]?\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d)?|24:00(?::00)?)(?:\\+\\d{1,2}d)?';
const DURATION = `(?=\\d)${['w', 'd', 'h', '(?:min|m)', 's', 'ms', 'us'].map((unit) => `(?:${NUMBER} ?${unit} ?)?`).join('')}(?<! )`;

/** The exact form of each kind, as the source of a regular expression; also published in the JSON Schemas. */
export const QUANTITY_PATTERNS: Readonly<Record<QuantityKind | 'money-per-byte' | 'moment', string>> = {
  bytes: `^${NUMBER} *${BYTES}$`,
  rate: `^${NUMBER} *${RATE}$`,
  duration: `^${DURATION}$`,
  share: `^${NUMBER} *%$`,
  'time-of-day': `^${CLOCK}$`,
  'event-rate': `^${NUMBER} *\\/ *(?:s|min|h|d)$`,
  'money-per-byte': `^${NUMBER} *[A-Z]{3} *\\/ *${BYTES}$`,
  moment: `^(?:${CLOCK}|${DURATION})$`,
};

const FORMS = new Map(Object.entries(QUANTITY_PATTERNS).map(([kind, source]) => [kind, new RegExp(source)]));

/** How each kind is called and what it looks like, for messages and documentation. */
export const QUANTITY_NOUNS: Readonly<Record<keyof typeof QUANTITY_PATTERNS, { noun: string; examples: string[] }>> = {
  bytes: { noun: 'a size', examples: ['50 MB', '2 TiB'] },
  rate: { noun: 'a rate', examples: ['5 Gbit/s', '600 MB/s'] },
  duration: { noun: 'a duration', examples: ['90s', '1h30m', '14d'] },
  share: { noun: 'a share', examples: ['95%', '0.1%'] },
  'time-of-day': { noun: 'a time of day', examples: ['06:00', '06:00+1d'] },
  'event-rate': { noun: 'a rate of events', examples: ['120/h', '2/s'] },
  'money-per-byte': { noun: 'a price', examples: ['0.08 EUR/GB'] },
  moment: { noun: 'a time of day or a duration since the start', examples: ['06:00', '06:00+1d', '90min'] },
};

/** Values above these are slips of the keyboard: 1 ZB, 1 EB/s, 100 years, 100 %, 100 days, 1e9 events a second. */
const LARGEST: Readonly<Record<QuantityKind, number>> = {
  bytes: 1e21,
  rate: 1e18,
  duration: 100 * 365 * 86400,
  share: 1,
  'time-of-day': 100 * 86400,
  'event-rate': 1e9,
};

/**
 * Reads a quantity and gives its value in the kind's base unit (see QUANTITY_KINDS).
 * Throws QuantityError, whose message says what is wrong and whose hint says what to write.
 */
export function parseQuantity(text: unknown, kind: QuantityKind): number {
  const written = checkForm(text, kind);
  const value = valueOf(written, kind);
  if (!Number.isFinite(value) || value > LARGEST[kind]) {
    throw new QuantityError(`"${written}" is too large`, `the most is ${largestText(kind)}`);
  }
  return value;
}

/** A price such as `0.08 EUR/GB`: currency units per byte, and the currency's ISO 4217 code. */
export function parseMoneyPerByte(text: unknown): { perByte: number; currency: string } {
  const written = checkForm(text, 'money-per-byte');
  const parts = /^([\d.eE]+) *([A-Z]{3}) *\/ *(\w+)$/.exec(written);
  const perByte = Number(parts?.[1]) / (BYTE_UNITS.get(parts?.[3] ?? '') ?? Number.NaN);
  if (!Number.isFinite(perByte)) throw new QuantityError(`"${written}" is too large`, '');
  return { perByte, currency: parts?.[2] ?? '' };
}

/** A point in the day: a time of day (seconds since the first day's midnight), or a duration since the clock's start. */
export function parseMoment(text: unknown): { from: 'midnight' | 'start'; seconds: number } {
  const written = checkForm(text, 'moment');
  return written.includes(':')
    ? { from: 'midnight', seconds: parseQuantity(written, 'time-of-day') }
    : { from: 'start', seconds: parseQuantity(written, 'duration') };
}

function checkForm(text: unknown, kind: keyof typeof QUANTITY_PATTERNS): string {
  const { noun, examples } = QUANTITY_NOUNS[kind];
  const write = `write for example ${examples.join(' or ')}`;
  if (typeof text === 'number') throw new QuantityError(`${text} has no unit`, bareNumberHint(text, kind));
  if (typeof text !== 'string') throw new QuantityError(`not ${noun}`, write);
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  if (text.length > 200) throw new QuantityError(`"${shown}" is not ${noun}`, write);
  if (FORMS.get(kind)?.test(text) === true) return text;
  const number = /^([+-]?[\d.,_]*\d)\s*(.*)$/.exec(text.trim());
  if (number === null) throw new QuantityError(`"${shown}" is not ${noun}`, write);
  const [, digits = '', unit = ''] = number;
  if (digits.startsWith('-')) throw new QuantityError(`"${shown}" is negative`, write);
  if (/[,_]/.test(digits)) throw new QuantityError(`"${shown}" is not ${noun}`, 'write numbers as 1000 or 0.5');
  if (unit === '') throw new QuantityError(`"${shown}" has no unit`, bareNumberHint(Number(digits), kind));
  throw new QuantityError(`"${shown}" is not ${noun}`, unitHint(digits, unit, kind) ?? write);
}

function bareNumberHint(value: number, kind: keyof typeof QUANTITY_PATTERNS): string {
  if (kind === 'share' && value > 0 && value <= 1) return `write for example ${Number((value * 100).toPrecision(12))}%`;
  const { examples } = QUANTITY_NOUNS[kind];
  const likely = LIKELY_UNITS[kind];
  if (likely === undefined || value < 0 || value >= 10_000) return `write for example ${examples.join(' or ')}`;
  return `write for example ${likely.map((unit) => `${value}${unit}`).join(' or ')}`;
}

/** The units that a number without one was probably meant in. */
const LIKELY_UNITS: Readonly<Partial<Record<keyof typeof QUANTITY_PATTERNS, readonly string[]>>> = {
  bytes: [' MB', ' GB'],
  rate: [' Gbit/s', ' MB/s'],
  duration: ['s', 'h'],
  share: ['%'],
  'event-rate': ['/h'],
  'money-per-byte': [' EUR/GB'],
};

/** What was probably meant by a unit that is not one of the kind's, or undefined. */
function unitHint(digits: string, unit: string, kind: keyof typeof QUANTITY_PATTERNS): string | undefined {
  if (kind === 'bytes' && RATE_UNITS.has(unit)) return 'that is a rate; a size has no time in it, for example 50 MB';
  if (kind === 'bytes' && /^(?:[kMGTPE]|[KMGTPE]i)?bit$/.test(unit)) return 'sizes are in bytes, for example 50 MB';
  if (kind === 'rate' && BYTE_UNITS.has(unit)) return `that is a size; did you mean ${digits} ${unit}/s?`;
  if (kind === 'rate' && /^(?:[kMGTPE]|[KMGTPE]i)?(?:bit|b)$/.test(unit)) return `did you mean ${digits} ${unit}/s?`;
  const units = unitsOf(kind);
  if (units.length === 0) return undefined;
  const meant =
    units.find((known) => known.toLowerCase() === unit.toLowerCase()) ??
    (unit.length <= 12 ? (SPELLED_OUT.get(unit.toLowerCase()) ?? nearest(unit, units)) : undefined);
  if (meant === undefined || !units.includes(meant)) return undefined;
  const space = kind === 'duration' || kind === 'share' || kind === 'event-rate' ? '' : ' ';
  return `did you mean ${digits}${space}${meant}?`;
}

const SPELLED_OUT = new Map([
  ['sec', 's'],
  ['secs', 's'],
  ['second', 's'],
  ['seconds', 's'],
  ['mins', 'min'],
  ['minute', 'min'],
  ['minutes', 'min'],
  ['hr', 'h'],
  ['hrs', 'h'],
  ['hour', 'h'],
  ['hours', 'h'],
  ['day', 'd'],
  ['days', 'd'],
  ['week', 'w'],
  ['weeks', 'w'],
  ['/hour', '/h'],
  ['/minute', '/min'],
  ['/second', '/s'],
  ['/day', '/d'],
  ['percent', '%'],
  ['bytes', 'B'],
]);

function unitsOf(kind: keyof typeof QUANTITY_PATTERNS): readonly string[] {
  switch (kind) {
    case 'bytes':
      return [...BYTE_UNITS.keys()];
    case 'rate':
      // The commonest spelling first: among equals the first is suggested.
      return [...RATE_UNITS.keys()].sort((a, b) => Number(!a.endsWith('bit/s')) - Number(!b.endsWith('bit/s')));
    case 'duration':
    case 'moment':
      return TIME_UNITS.map(([unit]) => unit);
    case 'event-rate':
      return [...PER_TIME.keys()].map((unit) => `/${unit}`);
    case 'share':
      return ['%'];
    case 'time-of-day':
    case 'money-per-byte':
      return [];
  }
}

/** The value of a text that has the kind's form. */
function valueOf(written: string, kind: QuantityKind): number {
  switch (kind) {
    case 'bytes':
      return Math.round(scaled(written, BYTE_UNITS));
    case 'rate':
      return scaled(written, RATE_UNITS);
    case 'share':
      return Number(written.slice(0, -1)) / 100;
    case 'event-rate': {
      const [count = '', unit = ''] = written.split('/');
      return Number(count) / (PER_TIME.get(unit.trim()) ?? Number.NaN);
    }
    case 'duration': {
      let seconds = 0;
      for (const [, count, unit] of written.matchAll(/([\d.]+(?:[eE]\d+)?) ?([a-z]+)/g)) {
        seconds += Number(count) * (TIME_UNITS.find(([name]) => name === unit)?.[1] ?? Number.NaN);
      }
      return seconds;
    }
    case 'time-of-day': {
      const [clock = '', days = '0'] = written.split('+');
      const [hours = '0', minutes = '0', seconds = '0'] = clock.split(':');
      return Number.parseInt(days, 10) * 86400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    }
  }
}

function scaled(written: string, units: ReadonlyMap<string, number>): number {
  const parts = /^([\d.]+(?:[eE]\d+)?) *(\D.*)$/.exec(written);
  return Number(parts?.[1]) * (units.get(parts?.[2] ?? '') ?? Number.NaN);
}

function largestText(kind: QuantityKind): string {
  switch (kind) {
    case 'bytes':
      return formatBytes(LARGEST.bytes);
    case 'rate':
      return `${formatBytes(LARGEST.rate)}/s`;
    case 'duration':
      return '36500d';
    case 'share':
      return '100%';
    case 'time-of-day':
      return '99 days';
    case 'event-rate':
      return '1e9/s';
  }
}

/** A number of bytes for people, in SI: `0 B`, `512 B`, `50.0 MB`, `175 GB`. Infinity is `unlimited`, NaN `–`. */
export function formatBytes(bytes: number): string {
  return withPrefix(bytes, 'B');
}

/** A rate in bytes per second for people, in bits: `5.0 Gbit/s`. Infinity is `unlimited`, NaN `–`. */
export function formatRate(bytesPerSecond: number): string {
  return withPrefix(bytesPerSecond * 8, 'bit/s');
}

function withPrefix(value: number, unit: string): string {
  if (Number.isNaN(value)) return '–';
  if (value === Infinity) return 'unlimited';
  if (value < 0) return `-${withPrefix(-value, unit)}`;
  const prefixes = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
  let index = 0;
  // 999.5 would be shown as 1000: it takes the next prefix.
  while (value >= 999.5 && index < prefixes.length - 1) {
    value /= 1000;
    index++;
  }
  const digits = index === 0 || value >= 99.95 ? 0 : 1;
  const number = index === 0 && value < 10 ? Number(value.toPrecision(2)).toString() : value.toFixed(digits);
  return `${number} ${prefixes[index] ?? ''}${unit}`;
}

/** A duration in seconds for people, its two largest units: `14d`, `1h 30min`, `4.2s`, `320ms`. */
export function formatDuration(seconds: number): string {
  if (Number.isNaN(seconds)) return '–';
  if (seconds === Infinity) return 'for ever';
  if (seconds < 0) return `-${formatDuration(-seconds)}`;
  if (seconds === 0) return '0s';
  if (seconds < 0.9995) {
    const milliseconds = seconds * 1000;
    return milliseconds < 0.001 ? '0s' : `${Number(milliseconds.toPrecision(3))}ms`;
  }
  if (seconds < 59.95) return `${Number(seconds.toPrecision(3))}s`;
  return twoLargest(seconds);
}

function twoLargest(seconds: number): string {
  const units: readonly (readonly [string, number])[] = [
    ['d', 86400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ];
  let first = units.findIndex(([, size]) => Math.round(seconds) >= size);
  if (first < 0) first = units.length - 1;
  // Rounding to the second unit may fill up the first (59min 59.6s): then round once more from there.
  const second = units[Math.min(first + 1, units.length - 1)] ?? ['s', 1];
  let rest = Math.round(seconds / second[1]) * second[1];
  const parts: string[] = [];
  for (const [unit, size] of units.slice(Math.max(0, first - 1), first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.join(' ');
}

/** A share 0..1 for people: `95%`, `95.3%`. What is not all is never shown as 100%, nor what is something as 0%. */
export function formatShare(share: number): string {
  if (Number.isNaN(share)) return '–';
  const percent = share * 100;
  if (percent > 0 && percent < 0.05) return percent < 0.0005 ? '<0.001%' : `${Number(percent.toPrecision(1))}%`;
  if (share < 1 && percent >= 99.95) {
    return percent >= 99.9995 ? '>99.999%' : `${Math.floor(percent * 1000) / 1000}%`;
  }
  return `${Number(percent.toFixed(1))}%`;
}

/** Seconds since the first day's midnight as a time of day: `06:00`, `06:00:30`, `06:00+1d`. Whole seconds. */
export function formatTimeOfDay(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  const whole = Math.floor(seconds);
  const days = Math.floor(whole / 86400);
  const rest = whole - days * 86400;
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = `${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}`;
  const withSeconds = rest % 60 === 0 ? clock : `${clock}:${two(rest % 60)}`;
  if (days === 0) return withSeconds;
  return `${withSeconds}${days > 0 ? '+' : '-'}${Math.abs(days)}d`;
}

/** A count for people, in groups of three: `3,500`. */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return '–';
  const [whole = '', fraction] = String(Math.round(count * 10) / 10).split('.');
  const grouped = /e/.test(whole) ? whole : whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

// Reads a CRIC export of RSEs into storages and protocols, in any of the shapes in which CRIC gives it.
//
//   /api/doma/rse/query/?json                an object of storages by name, ranks of protocols in `aprotocols`
//   /api/doma/rse/query/list/?json           the same as a list
//   /api/doma/rse/query/?json&preset=doma    { rses, distances }: what is pushed into Rucio, ranks in `domains`
import { child, printable } from '../../language/pointer.ts';
import { LIMITS } from '../../language/limits.ts';
import type { SourceText } from '../../language/source.ts';
import { type Problem, ProblemsError } from '../../core/problem.ts';
import { CricFields, isObject, kindOf, type JsonObject } from './fields.ts';
import { readProtocols } from './protocols.ts';
import { CricReport } from './report.ts';
import type { CricDistance, CricExport, CricStorage } from './model.ts';
import { placesOfJson } from './json-places.ts';

/** Deeper than any export is. */
const MOST_NESTING = 12;
const STORAGE_NAME = /^[A-Za-z0-9]+([_-][A-Za-z0-9]+)*$/;
const EXPECTED = 'an export of /api/doma/rse/query/?json is read, also as a list or with preset=doma';

/** Reads an export. Throws ProblemsError where it is not one, or where a part of it cannot be understood. */
export function readCricExport(source: SourceText): { export: CricExport; report: CricReport } {
  const data = parseJson(source);
  const places = placesOfJson(source.text, source.path);
  const report = new CricReport(source.path, places);
  for (const pointer of places.duplicates) report.keyError(pointer, 'is there twice');
  if (places.depth > MOST_NESTING) report.error('', `nested deeper than ${MOST_NESTING} levels`, EXPECTED);
  report.throwErrors();

  const { entries, distances } = splitExport(data, report);
  const organisations = new Set<string>();
  const unknownKeys = new Map<string, string[]>();
  const storages: CricStorage[] = [];
  for (const { name, pointer, value } of entries) {
    const fields = new CricFields(value, pointer, report);
    storages.push(readStorage(name, fields, report, organisations));
    for (const key of fields.unknown()) unknownKeys.set(key, [...(unknownKeys.get(key) ?? []), name]);
  }
  for (const [key, names] of unknownKeys) {
    const others = names.length > 1 ? ` and ${names.length - 1} more` : '';
    report.warn('unknown-key', '', `${printable(key)} of ${names[0]}${others} is not known here and was left out`);
  }
  const known = new Set(storages.map((storage) => storage.name));
  const read = distances === undefined ? [] : readDistances(distances, known, report);
  report.throwErrors();
  return { export: { storages, distances: read, organisations: [...organisations] }, report };
}

function parseJson({ text, path }: SourceText): unknown {
  const fail = (message: string, hint: string, line = 0, column = 0): ProblemsError => {
    const problem: Problem = { severity: 'error', file: path, line, column, path: '', message, hint };
    return new ProblemsError([problem]);
  };
  if (/^\s*</.test(text)) {
    const title = /<title[^>]*>\s*([^<]{1,80})/i.exec(text)?.[1]?.trim().replaceAll(/\s+/g, ' ');
    const named = title === undefined ? '' : ` ("${printable(title)}")`;
    throw fail(`is a web page${named} and not JSON`, 'CRIC may want a login; ask it for ?json');
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (/Unexpected end|Unterminated/.test(message)) {
      const lines = text.split('\n');
      const column = (lines.at(-1)?.length ?? 0) + 1;
      throw fail('ends in the middle: the JSON is cut off', 'download it again', lines.length, column);
    }
    const at = /line (\d+) column (\d+)/.exec(message);
    throw fail('is not JSON', EXPECTED, Number(at?.[1] ?? 1), Number(at?.[2] ?? 1));
  }
}

interface Entry {
  readonly name: string;
  readonly pointer: string;
  readonly value: JsonObject;
}

function splitExport(data: unknown, report: CricReport): { entries: Entry[]; distances: CricFields | undefined } {
  if (!isObject(data)) return { entries: entriesOf(data, '', report), distances: undefined };
  const top = new CricFields(data, '', report);
  const inner = data['rses'];
  if (inner === undefined || (isObject(inner) && 'protocols' in inner)) {
    return { entries: entriesOf(data, '', report), distances: undefined };
  }
  top.skip('rses');
  const distances = top.object('distances');
  for (const key of top.unknown()) report.warn('unknown-key', child('', key), 'is not known here and was left out');
  return { entries: entriesOf(inner, '/rses', report), distances };
}

function entriesOf(data: unknown, pointer: string, report: CricReport): Entry[] {
  if (!isObject(data) && !Array.isArray(data)) {
    report.error(pointer, `expected storages, found ${kindOf(data)}`, EXPECTED);
    return [];
  }
  const entries: Entry[] = [];
  const names = new Set<string>();
  for (const [key, value] of Object.entries(data)) {
    const at = child(pointer, key);
    if (!isObject(value)) {
      report.error(at, `expected an object that describes a storage, found ${kindOf(value)}`, EXPECTED);
      continue;
    }
    const name = Array.isArray(data) ? value['name'] : key;
    if (typeof name !== 'string') report.error(at, 'has no name', EXPECTED);
    else if (!STORAGE_NAME.test(name) || name.length > LIMITS.nameLength) {
      report.error(
        at,
        `${kindOf(name)} cannot be the name of a storage`,
        'letters and digits, single _ or - between them',
      );
    } else if (names.has(name)) report.error(at, `the storage ${name} is there twice`);
    else {
      names.add(name);
      entries.push({ name, pointer: at, value });
    }
  }
  if (entries.length === 0 && !report.hasErrors) report.error(pointer, 'holds no storages', EXPECTED);
  if (entries.length > LIMITS.storages) report.error(pointer, `holds more than ${LIMITS.storages} storages`);
  return entries;
}

function readStorage(name: string, fields: CricFields, report: CricReport, organisations: Set<string>): CricStorage {
  const missing: string[] = [];
  const orDefault = <Value>(value: Value | undefined, fallback: Value, field: string): Value => {
    if (value === undefined) missing.push(field);
    return value ?? fallback;
  };
  fields.skip('id', 'credentials', 'last_modified', 'updated_at', 'resource', 'spaceusage_url', 'impl', 'region_code');
  fields.skip('site', 'timezone', 'staging_area');
  const inside = fields.text('name');
  if (inside !== undefined && inside !== name) {
    report.warn('name-disagrees', fields.at('name'), `says ${inside}; ${name} was taken`);
  }
  const siteInfo = fields.object('siteinfo');
  siteInfo?.skip('timezone');
  const organisation = siteInfo?.text('vo_name');
  if (organisation !== undefined) organisations.add(organisation);
  const params = fields.object('params');
  const qosClass = readClass(params?.text('QOS') ?? fields.text('qos_class'), fields, report);
  const attributes = readAttributes(fields, params, orDefault, report);
  const type = orDefault(fields.text('type') ?? fields.text('rse_type'), 'DISK', 'type');
  if (!/^(DISK|TAPE)$/i.test(type)) report.error(fields.at('type'), `expected DISK or TAPE, found ${kindOf(type)}`);
  const fts = (fields.text('fts') ?? '').split(',').map((url) => url.trim());
  if (fts.join('') === '') missing.push('fts');
  warnWhereNotOpen(fields, report);
  const storage: CricStorage = {
    name,
    pointer: fields.pointer,
    site: fields.text('rcsite') ?? params?.text('SITE'),
    country: fields.text('country_code') ?? fields.text('country') ?? fields.text('country_name'),
    position: readPosition(siteInfo ?? fields, report),
    isTape: type.toUpperCase() === 'TAPE',
    fts: fts.filter((url) => url !== ''),
    isDeterministic: orDefault(
      fields.flag('is_deterministic') ?? fields.flag('deterministic'),
      true,
      'is_deterministic',
    ),
    verifyChecksum: orDefault(
      fields.flag('verify_checksum') ?? params?.flag('verify_checksum'),
      true,
      'verify_checksum',
    ),
    spaceBytes: readSpace(fields, report),
    qosClass,
    attributes,
    comment: fields.text('state_comment'),
    protocols: readProtocols(name, fields, report),
  };
  if (missing.length > 0) {
    report.warn('missing-field', fields.pointer, `has no ${missing.join(', ')}: the usual value was taken`);
  }
  return storage;
}

/** What the lake language takes for the name of an attribute, and for a class. */
const WORD = /^[A-Za-z0-9_.-]{1,64}$/;
const MOST_ATTRIBUTES = 90;

function readClass(text: string | undefined, fields: CricFields, report: CricReport): string | undefined {
  if (text === undefined || WORD.test(text)) return text;
  report.warn(
    'attribute-left-out',
    fields.pointer,
    `the class ${kindOf(text)} has other characters than letters, digits, . _ -`,
  );
  return undefined;
}

function readAttributes(
  fields: CricFields,
  params: CricFields | undefined,
  orDefault: (value: string | undefined, fallback: string, field: string) => string,
  report: CricReport,
): Map<string, string> {
  const attributes = new Map<string, string>();
  const algorithm = fields.text('lfn2pfn_algorithm') ?? params?.text('lfn2pfn_algorithm');
  attributes.set('lfn2pfn_algorithm', orDefault(algorithm, 'hash', 'lfn2pfn_algorithm'));
  if (fields.flag('is_volatile') === true || fields.flag('volatile') === true) attributes.set('volatile', 'true');
  for (const key of ['MinFreeSpace', 'MaxBeingDeletedFiles']) {
    const value = fields.number(key);
    if (value !== undefined) attributes.set(key, String(value));
  }
  for (const key of params?.keys() ?? []) {
    const value = params?.raw(key);
    if (['QOS', 'SITE', 'verify_checksum', 'lfn2pfn_algorithm'].includes(key) || value === undefined) continue;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (!WORD.test(key) || text.length > 2000 || attributes.size >= MOST_ATTRIBUTES) {
      report.warn('attribute-left-out', params?.at(key) ?? '', 'is more than a lake can hold, and was left out');
    } else attributes.set(key, text);
  }
  return attributes;
}

/** A position of 0.0, 0.0 is CRIC's "not known": it lies in the Gulf of Guinea. */
function readPosition(fields: CricFields, report: CricReport): { latitude: number; longitude: number } | undefined {
  const latitude = fields.number('latitude');
  const longitude = fields.number('longitude');
  if (latitude === undefined || longitude === undefined || (latitude === 0 && longitude === 0)) return undefined;
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) {
    report.error(fields.at('latitude'), `${latitude}, ${longitude} is no position on Earth`);
    return undefined;
  }
  return { latitude, longitude };
}

function readSpace(fields: CricFields, report: CricReport): number | undefined {
  const space = fields.number('space');
  if (space !== undefined && space < 0) report.error(fields.at('space'), `a space of ${space} bytes`);
  return space === undefined || space <= 0 ? undefined : space;
}

function warnWhereNotOpen(fields: CricFields, report: CricReport): void {
  for (const key of ['state', 'site_state', 'rcsite_state']) {
    const state = fields.text(key);
    if (state !== undefined && state !== 'ACTIVE') {
      report.warn('not-active', fields.at(key), `${key} is ${state}; a lake takes the storage as active`);
    }
  }
  for (const key of ['availability_read', 'availability_write', 'availability_delete']) {
    if (fields.flag(key) === false) {
      report.warn('not-active', fields.at(key), `${key} is false; a lake takes the storage as open`);
    }
  }
}

function readDistances(fields: CricFields, known: ReadonlySet<string>, report: CricReport): CricDistance[] {
  const distances: CricDistance[] = [];
  for (const from of fields.keys()) {
    const row = fields.object(from);
    for (const to of row?.keys() ?? []) {
      const cell = row?.object(to);
      const distance = cell?.number('distance') ?? cell?.number('ranking');
      if (row === undefined || cell === undefined) continue;
      if (!known.has(from) || !known.has(to)) {
        report.warn('distance-unknown-storage', row.at(to), 'is between storages of which one is not in the export');
      } else if (distance === undefined || distance < 0) {
        report.error(row.at(to), 'expected a distance or ranking of 0 or more');
      } else if (from !== to) distances.push({ from, to, distance });
    }
  }
  return distances;
}

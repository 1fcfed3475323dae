// Times as text in the files of a run folder.

/** ISO 8601 in UTC, without fractions where there are none. */
export function isoTime(time: Date): string {
  return time.toISOString().replace('.000Z', 'Z');
}

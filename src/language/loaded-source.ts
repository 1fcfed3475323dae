// A file as it was loaded, with what a run folder keeps of it.
import { stringify } from 'yaml';
import type { LoadedDocument } from './document.ts';
import type { SourceText } from './source.ts';

export interface LoadedSource extends SourceText {
  /**
   * The text that loads again to the same, without `--set` and environment: the file's own where neither was used,
   * otherwise written anew, without comments and anchors.
   */
  readonly asRun: string;
}

const HEADER = '# As run: with the values of --set and of the environment in their places.\n';

/** To be called before defaults are filled in. `changed`: values were set from the command line. */
export function loadedSource(document: LoadedDocument, changed: boolean): LoadedSource {
  const { source } = document;
  const rewritten = (changed || document.substituted) && !document.report.hasErrors;
  return { ...source, asRun: rewritten ? writeAnew(document.data) : source.text };
}

/** Data as YAML that reads back to the same data. */
export function writeAnew(data: unknown): string {
  // A `${` in a text was a `$${` in the file.
  const escaped = JSON.parse(JSON.stringify(data).replaceAll('${', '$$${')) as unknown;
  return HEADER + stringify(escaped, { aliasDuplicateObjects: false, lineWidth: 120 });
}

// The file by which a user says which storage stands at which site: a storage's name or the end of a host's name, and a site.
import { readDocument } from '../../language/document.ts';
import { child } from '../../language/pointer.ts';
import { warningsOrThrow } from '../../language/report.ts';
import type { SourceText } from '../../language/source.ts';
import { isWithin } from './site-of-host.ts';

export interface SiteMapping {
  readonly file: string;
  readonly sites: ReadonlyMap<string, string>;
}

/** What a site may be called. */
export const SITE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * Reads a mapping file: YAML such as `{ CNAF_CMS_TEMP: CNAF, in2p3.fr: CC-IN2P3 }`. Throws ProblemsError with all that is
 * wrong with it.
 */
export function readSiteMapping(source: SourceText): SiteMapping {
  const { data, report } = readDocument(source, {});
  const sites = new Map<string, string>();
  if (data === null || typeof data !== 'object' || Array.isArray(data)) {
    report.error('', 'expected a mapping from storages or host endings to sites', 'for example `in2p3.fr: CC-IN2P3`');
  } else {
    for (const [key, site] of Object.entries(data)) {
      if (typeof site === 'string' && SITE_NAME.test(site)) sites.set(key, site);
      else report.error(child('', key), "expected a site's name: letters, digits, and . _ - between them");
    }
  }
  warningsOrThrow([report], [source.path]);
  return { file: source.path, sites };
}

/** The entry that holds for a storage: its own name, or else the longest ending that one of its hosts has. */
export function mappedSite(
  mapping: SiteMapping,
  storage: string,
  hosts: readonly string[],
): { readonly key: string; readonly site: string } | undefined {
  const own = mapping.sites.get(storage);
  if (own !== undefined) return { key: storage, site: own };
  let best: { key: string; site: string } | undefined;
  for (const [key, site] of mapping.sites) {
    if (key.length > (best?.key.length ?? 0) && hosts.some((host) => isWithin(host, key))) best = { key, site };
  }
  return best;
}

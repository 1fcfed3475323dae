// Which software a storage runs, by what its paths, name and protocols give away: for topologies that do not say.
import type { CricStorage } from './model.ts';

export interface InferredTechnology {
  readonly technology: string;
  /** Why, for a comment; empty where nothing told and the technology is a guess. */
  readonly reason: string;
}

/** Paths that only one software uses, as a rule: EOS mounts under /eos, dCache's name space is /pnfs, DPM's /dpm. */
const PATHS = [
  { technology: 'eos', path: /^\/+eos\// },
  { technology: 'dcache', path: /^\/+pnfs\// },
  { technology: 'dpm', path: /^\/+dpm\// },
] as const;

const NAMES = [
  { technology: 'dcache', name: /DCACHE/i },
  { technology: 'storm', name: /STORM/i },
  { technology: 'dpm', name: /DPM|DOME/i },
  { technology: 'eos', name: /EOS/i },
  { technology: 's3', name: /S3/i },
  { technology: 'webdav', name: /WEBDAV/i },
] as const;

const SCHEMES = [
  { technology: 's3', schemes: ['s3', 's3s'] },
  { technology: 'xrootd', schemes: ['root', 'roots', 'xroot', 'xroots'] },
  { technology: 'webdav', schemes: ['dav', 'davs', 'http', 'https'] },
  { technology: 'posix', schemes: ['file'] },
] as const;

/** By type, then path, then name, then the family of its protocols where they are all of one. */
export function technologyOf(storage: CricStorage): InferredTechnology {
  if (storage.isTape) return { technology: 'tape', reason: 'its type, TAPE' };
  for (const { technology, path } of PATHS) {
    const match = storage.protocols
      .map((protocol) => path.exec(protocol.path)?.[0])
      .find((found) => found !== undefined);
    if (match !== undefined) return { technology, reason: `its paths under ${match.replace(/^\/+/, '/')}` };
  }
  for (const { technology, name } of NAMES) {
    if (name.test(storage.name)) return { technology, reason: 'its name' };
  }
  for (const { technology, schemes } of SCHEMES) {
    const known: readonly string[] = schemes;
    const all = storage.protocols.length > 0 && storage.protocols.every(({ scheme }) => known.includes(scheme));
    if (all)
      return { technology, reason: `its protocols: ${storage.protocols.map(({ scheme }) => scheme).join(', ')} only` };
  }
  return { technology: 'webdav', reason: '' };
}

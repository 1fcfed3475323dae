// Whether a transfer service can copy from one storage straight to another: what both speak, and who is asked to move.
import type { Lake, Protocol, Storage } from './lake.ts';

/**
 * Schemes that speak with one another in a third-party copy: WebDAV and plain HTTP (and S3, which GFAL2 signs as HTTP),
 * XRootD, and GridFTP with SRM. After Rucio's SCHEME_MAP (lib/rucio/common/constants.py).
 */
const FAMILIES: readonly (readonly string[])[] = [
  ['http', 'https', 'dav', 'davs', 'srm+https', 'cs3s', 's3', 's3s'],
  ['root', 'roots', 'xroot', 'xroots'],
  ['gsiftp', 'srm'],
];

/**
 * Whether the two storages have a third-party-copy protocol in common, with the destination able to pull or the source
 * able to push, and the transfer service can reach both (it cannot where a site has no inbound path).
 */
export function canCopyThirdParty(lake: Lake, source: Storage, destination: Storage): boolean {
  const reachable = [source, destination].every((storage) => lake.sites.get(storage.site)?.inbound !== false);
  return (
    reachable &&
    copyProtocols(source).some((from) =>
      copyProtocols(destination).some(
        (to) => sameFamily(from.scheme, to.scheme) && (to.thirdParty.has('pull') || from.thirdParty.has('push')),
      ),
    )
  );
}

function copyProtocols(storage: Storage): Protocol[] {
  return storage.protocols.filter((protocol) => protocol.priorities.has('third-party-copy'));
}

function sameFamily(one: string, other: string): boolean {
  return one === other || FAMILIES.some((family) => family.includes(one) && family.includes(other));
}

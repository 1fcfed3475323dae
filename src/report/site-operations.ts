// How many operations of a site succeeded and failed: one that begins and ends there counts once.
import type { SiteSummary } from '../record/summary.ts';

/** Uploads, transfers and reads that had an end at the site; the sums of its two ways would count some twice. */
export function operationsOfSite(site: SiteSummary): { readonly succeeded: number; readonly failed: number } {
  const protocols = Object.values(site.protocols);
  return {
    succeeded: protocols.reduce((sum, one) => sum + one.succeeded, 0),
    failed: protocols.reduce((sum, one) => sum + one.failed, 0),
  };
}

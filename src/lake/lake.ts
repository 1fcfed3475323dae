// A lake as pure data: what is there. All quantities are in base units (bytes, bytes per second, seconds, shares 0..1).
import type { Law } from '../core/law.ts';

export interface Lake {
  readonly name: string;
  readonly sites: ReadonlyMap<string, Site>;
  readonly storages: ReadonlyMap<string, Storage>;
  readonly caches: ReadonlyMap<string, Cache>;
  readonly network: Network;
  readonly services: Services;
}

export interface Site {
  readonly name: string;
  readonly kind: 'grid' | 'cloud' | 'hpc';
  /** ISO 3166 code, or empty where unknown. */
  readonly country: string;
  /** Degrees north and east. */
  readonly position: { readonly latitude: number; readonly longitude: number } | undefined;
  readonly uplinkBps: number;
  readonly downlinkBps: number;
  /** What leaving the site costs, in the currency named. */
  readonly egressCost: { readonly perByte: number; readonly currency: string } | undefined;
  /** False where nobody outside can open a connection to the site's storages (an HPC centre). */
  readonly inbound: boolean;
}

/** A storage is a Rucio RSE. */
export interface Storage {
  readonly name: string;
  readonly site: string;
  /** `eos`, `dcache`, `dpm`, `storm`, `xrootd`, `webdav`, `s3`, `posix`, `tape`, ... */
  readonly technology: string;
  /** QoS class, matched in RSE expressions as `class=` and `QOS=`. Empty where none. */
  readonly qosClass: string;
  /** What an RSE expression may ask for: what was written, and site, country, technology, class, QOS, type, its own name. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly capacityBytes: number;
  /** Space taken by data that the scenario does not move. */
  readonly usedBytes: number;
  readonly readBps: number;
  readonly writeBps: number;
  /** What one stream can move from or to this storage. Infinity where not limited. */
  readonly perStreamBps: number;
  /** Seconds in which a transfer at this storage holds a slot and moves nothing (stat, checksum, mkdir, ...). */
  readonly setUp: Law;
  readonly deterministic: boolean;
  readonly verifyChecksum: boolean;
  readonly protocols: readonly Protocol[];
  readonly tape: Tape | undefined;
}

export const PROTOCOL_ACTIVITIES = [
  'read-lan',
  'write-lan',
  'delete-lan',
  'read-wan',
  'write-wan',
  'delete-wan',
  'third-party-copy',
] as const;
export type ProtocolActivity = (typeof PROTOCOL_ACTIVITIES)[number];

export interface Protocol {
  /** Its key in the lake file: `davs`, `root`, `gsiftp`, `s3`, ... */
  readonly name: string;
  readonly scheme: string;
  readonly url: string;
  /** Rank by activity: 1 is the first choice; an activity that is not there is not allowed. */
  readonly priorities: ReadonlyMap<ProtocolActivity, number>;
  readonly thirdParty: ReadonlySet<'pull' | 'push'>;
}

export interface Tape {
  readonly drives: number;
  readonly mountSeconds: number;
  readonly positionSeconds: number;
  readonly unmountSeconds: number;
  /** Of one drive. */
  readonly speedBps: number;
  /** Disk in front of the drives. */
  readonly bufferBytes: number;
  /** How much fits on one cartridge. */
  readonly cartridgeBytes: number;
}

export interface Cache {
  readonly name: string;
  readonly site: string;
  readonly capacityBytes: number;
  readonly blockBytes: number;
  /** Shares of the capacity at which purging starts and ends. */
  readonly highWatermark: number;
  readonly lowWatermark: number;
  readonly readBps: number;
  readonly writeBps: number;
}

export interface Network {
  readonly default: {
    /** Fixed round-trip time, or undefined: 2 x distance / 200,000 km/s x detour + 1 ms. */
    readonly rttSeconds: number | undefined;
    /** Of each ordered pair of sites that has no link of its own. Infinity: only the site links limit. */
    readonly capacityBps: number;
    readonly loss: number;
    /** TCP window of one stream, bytes. */
    readonly windowBytes: number;
  };
  /** One direction each. */
  readonly links: readonly NetworkLink[];
  /** Rucio's distances between storages, where the lake names them; smaller is nearer. */
  readonly distances: ReadonlyMap<string, number>;
}

export interface NetworkLink {
  readonly from: string;
  readonly to: string;
  readonly capacityBps: number;
  readonly rttSeconds: number | undefined;
  readonly loss: number;
  /** Share of the capacity that other people's traffic takes. */
  readonly background: number;
}

export interface Services {
  readonly catalogue: CatalogueService;
  readonly transfers: TransferService;
  readonly tokens: TokenService;
  readonly topology: { readonly url: string; readonly refreshSeconds: number };
  readonly networkMonitor: { readonly url: string; readonly everySeconds: number; readonly noise: number };
  readonly monitoring: { readonly url: string; readonly everySeconds: number; readonly lagSeconds: number };
}

/** The names a fault or an expectation may use for a service. */
export const SERVICE_NAMES = ['catalogue', 'transfers', 'tokens', 'topology', 'network-monitor', 'monitoring'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** Rucio: its daemons' cycle times and limits. */
export interface CatalogueService {
  readonly url: string;
  /** One request to the server. */
  readonly latency: Law;
  /** Judge: evaluates asynchronous rules and rule clean-up. */
  readonly judgeSeconds: number;
  /** Conveyor submitter: hands queued requests to the transfer service. */
  readonly submitterSeconds: number;
  readonly submitterBulk: number;
  /** Conveyor poller: learns of finished transfers where no message came. */
  readonly pollerSeconds: number;
  /** Reaper: deletes expired replicas. */
  readonly reaperSeconds: number;
  /** Judge repairer: tries STUCK locks again after this time. */
  readonly repairSeconds: number;
  /** How often a failed request is tried again, from another source where there is one, before its lock is STUCK. */
  readonly requestRetries: number;
}

export interface LinkLimit {
  readonly min: number;
  readonly max: number;
}

/** FTS: limits and the optimizer's mode; further constants stand beside the algorithms in src/transfers. */
export interface TransferService {
  readonly url: string;
  /** By link name `A -> B`, `A -> *`, `* -> B`; the default otherwise. */
  readonly linkLimits: ReadonlyMap<string, LinkLimit>;
  readonly defaultLinkLimit: LinkLimit;
  readonly storageLimits: ReadonlyMap<string, { readonly inbound: number; readonly outbound: number }>;
  readonly defaultStorageLimit: { readonly inbound: number; readonly outbound: number };
  /** 0: off (the link's maximum holds), 1, 2 or 3: FTS's modes. */
  readonly optimizerMode: 0 | 1 | 2 | 3;
  readonly retries: number;
  readonly retryDelaySeconds: number;
  /** Activity to share; `default` for the others. Empty: first in, first out. */
  readonly activityShares: ReadonlyMap<string, number>;
  /** Streams per transfer. */
  readonly streams: number;
  /** Timeout of one transfer: base + perMiB x size. FTS: 600 s + 2 s/MiB. */
  readonly timeoutSeconds: number;
  readonly timeoutSecondsPerMiB: number;
  readonly maxActive: number;
}

/** IAM: an issuer of tokens, a queueing station with `workers` servers. */
export interface TokenService {
  readonly url: string;
  readonly lifetimeSeconds: number;
  readonly latency: Law;
  readonly workers: number;
}

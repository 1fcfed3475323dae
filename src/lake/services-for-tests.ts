// The services of a lake whose file says nothing of them, for tests: the language's defaults, with fixed latencies.
import { constant } from '../core/law.ts';
import type { Services } from './lake.ts';

export const SERVICES: Services = {
  catalogue: {
    url: '',
    latency: constant(0.05),
    judgeSeconds: 30,
    submitterSeconds: 10,
    submitterBulk: 1000,
    pollerSeconds: 60,
    reaperSeconds: 60,
    repairSeconds: 7200,
    requestRetries: 3,
  },
  transfers: {
    url: '',
    linkLimits: new Map(),
    defaultLinkLimit: { min: 2, max: 130 },
    storageLimits: new Map(),
    defaultStorageLimit: { inbound: 200, outbound: 200 },
    optimizerMode: 2,
    retries: 2,
    retryDelaySeconds: 120,
    activityShares: new Map(),
    streams: 1,
    timeoutSeconds: 600,
    timeoutSecondsPerMiB: 2,
    maxActive: 400,
  },
  tokens: { url: '', lifetimeSeconds: 7200, latency: constant(0.08), workers: 8 },
  topology: { url: '', refreshSeconds: 3600 },
  networkMonitor: { url: '', everySeconds: 600, noise: 0.05 },
  monitoring: { url: '', everySeconds: 60, lagSeconds: 30 },
};

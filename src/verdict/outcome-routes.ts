// Outcome cells sorted into routes: operations of one kind between the same ends, with their successes and failures by time.
import type { ErrorScope, OperationKind } from '../core/operation.ts';
import type { Lake } from '../lake/lake.ts';
import type { OutcomeCell } from '../record/aggregate.ts';

/** Operations that touch storages: what sites and storages are judged by. */
const AT_STORAGES: ReadonlySet<OperationKind> = new Set(['upload', 'transfer', 'download', 'delete', 'stage']);

/** The service that an operation is a request to, where its record names none. */
const SERVICE_BY_KIND: Readonly<Record<OperationKind, string>> = {
  transfer: 'transfers',
  token: 'tokens',
  rule: 'catalogue',
  transition: 'catalogue',
  upload: 'catalogue',
  download: 'catalogue',
  delete: 'catalogue',
  stage: 'transfers',
  probe: '',
};

export interface OutcomeRoute {
  readonly kind: OperationKind;
  readonly source: string;
  readonly sourceSite: string;
  readonly destination: string;
  readonly destinationSite: string;
  readonly cache: string;
  readonly protocol: string;
  readonly service: string;
  readonly experiment: string;
  /** Whether it moves or removes data at a storage, as against a request to a service. */
  readonly atStorages: boolean;
  /** Ascending in time. */
  readonly slots: OutcomeSlot[];
}

/** Five minutes of a route. */
export interface OutcomeSlot {
  readonly bucket: number;
  succeeded: number;
  readonly failures: RouteFailure[];
}

export interface RouteFailure {
  readonly errorClass: string;
  readonly errorScope: ErrorScope;
  count: number;
  /** To what it was booked: nothing yet, a service's incident, or another's. */
  booked: 'no' | 'service' | 'other';
}

/**
 * Sorts cells into routes, in the order in which they come. Rules and transitions fail as a consequence of their
 * transfers: of those only what failed at the service itself is taken.
 */
export function outcomeRoutes(cells: Iterable<OutcomeCell>, lake: Lake): OutcomeRoute[] {
  const routes = new Map<string, { route: OutcomeRoute; slots: Map<number, OutcomeSlot> }>();
  for (const cell of cells) {
    const isConsequence = cell.kind === 'rule' || cell.kind === 'transition';
    if (isConsequence && cell.errorClass !== '' && cell.errorScope !== 'service') continue;
    const { kind, experiment, source, sourceSite, destination, destinationSite, cache, protocol, service } = cell;
    const ends = `${source}\n${sourceSite}\n${destination}\n${destinationSite}`;
    const key = `${kind}\n${experiment}\n${ends}\n${cache}\n${protocol}\n${service}`;
    let entry = routes.get(key);
    if (entry === undefined) {
      entry = { route: makeRoute(cell, lake), slots: new Map() };
      routes.set(key, entry);
    }
    addCell(entry.slots, cell);
  }
  return [...routes.values()].map(({ route, slots }) => {
    route.slots.push(...[...slots.values()].sort((a, b) => a.bucket - b.bucket));
    return route;
  });
}

function makeRoute(cell: OutcomeCell, lake: Lake): OutcomeRoute {
  const atStorages = AT_STORAGES.has(cell.kind);
  return {
    kind: cell.kind,
    source: atStorages ? cell.source : '',
    sourceSite: lake.storages.get(cell.source)?.site ?? cell.sourceSite,
    destination: atStorages ? cell.destination : '',
    destinationSite: lake.storages.get(cell.destination)?.site ?? cell.destinationSite,
    cache: cell.cache,
    protocol: cell.protocol,
    service: cell.service === '' ? SERVICE_BY_KIND[cell.kind] : cell.service,
    experiment: cell.experiment,
    atStorages,
    slots: [],
  };
}

function addCell(slots: Map<number, OutcomeSlot>, cell: OutcomeCell): void {
  let slot = slots.get(cell.bucket);
  if (slot === undefined) {
    slot = { bucket: cell.bucket, succeeded: 0, failures: [] };
    slots.set(cell.bucket, slot);
  }
  if (cell.errorClass === '') {
    slot.succeeded += cell.count;
    return;
  }
  const { errorClass, errorScope, count } = cell;
  const same = slot.failures.find((one) => one.errorClass === errorClass && one.errorScope === errorScope);
  if (same === undefined) slot.failures.push({ errorClass, errorScope, count, booked: 'no' });
  else same.count += count;
}

/** The service that a failure names by its class or scope, or empty. */
export function serviceNamed(route: OutcomeRoute, failure: RouteFailure): string {
  if (failure.errorClass === 'token-unavailable') return 'tokens';
  const isService = failure.errorScope === 'service' || failure.errorClass === 'service-unavailable';
  return isService ? route.service : '';
}

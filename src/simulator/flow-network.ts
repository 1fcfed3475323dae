// Flows of bytes over shared resources: classes of flows with one rate each, and the next flow to end.
//
// A class keeps one counter of bytes served per flow, V(t). A flow of size s that starts when the counter stands at V0
// ends when it reaches V0 + s, so starting and ending a flow never touches another one, and a change of rate costs the
// same for one flow as for a thousand.
//
// When shares are solved anew:
// - never, when a flow starts or ends in a class held by its cap and every resource on its path keeps room: nobody
//   else's share changes (exact);
// - at once, when flows that start would take more than a resource has, by more than 2 %;
// - otherwise once per quantum, holding the rates per flow meanwhile; quantum 0 solves at each such event (exact).
import { assert } from '../core/errors.ts';
import type { Engine, Timeline } from './engine.ts';
import { FairShareSolver } from './fair-share.ts';

/** Longest path: source read, uplink, network, downlink, destination write, and one to spare. */
export const PATH_MAX = 6;
/** Time books of a class: one per place on the path, then its cap, then standing still (a capacity of 0). */
export const BOOK_CAP = PATH_MAX;
export const BOOK_STALLED = PATH_MAX + 1;
export const CLASS_BOOKS = PATH_MAX + 2;

const SATURATED = 1 - 1e-9;
/** Flows that start may take so much of a resource together before shares are solved without waiting for the quantum. */
const OVERFULL = 1.02;

export class FlowNetwork implements Timeline {
  readonly #engine: Engine;
  readonly #quantumSeconds: number;
  readonly #solveKind: number;
  readonly #solver = new FairShareSolver();
  /** Called with the owner of each flow that ended. */
  onEnd: (owner: number) => void = () => {};
  solutions = 0;

  // Resources.
  #resources = 0;
  #capacity = new Float64Array(64);
  #used = new Float64Array(64);
  #level = new Float64Array(64);
  #flowsOn = new Float64Array(64);

  // Classes.
  readonly #classByKey = new Map<string, number>();
  readonly #path: Int32Array[] = [];
  #cap = new Float64Array(64);
  #flows = new Float64Array(64);
  #rate = new Float64Array(64);
  #served = new Float64Array(64);
  #touchedAt = new Float64Array(64);
  #bottleneck = new Int32Array(64);
  #bytes = new Float64Array(64);
  #books = new Float64Array(64 * CLASS_BOOKS);
  /** Per class: heap of (service at which the flow ends, flow). */
  readonly #endService: number[][] = [];
  readonly #endFlow: number[][] = [];
  readonly #activeByCap: number[] = [];
  #oldRate = new Float64Array(64);

  // Flows, recycled.
  #flowClass = new Int32Array(1024);
  #flowOwner = new Int32Array(1024);
  #flowAlive = new Uint8Array(1024);
  #flowEnd = new Float64Array(1024);
  readonly #freeFlows: number[] = [];
  #flowCount = 0;

  // Indexed heap of classes by the time their next flow ends.
  #classTime = new Float64Array(64).fill(Infinity);
  #heap = new Int32Array(64);
  #heapPlace = new Int32Array(64).fill(-1);
  #heapSize = 0;

  #dirty = false;
  /** When it is to be solved, while dirty. */
  #solveAt = 0;

  constructor(engine: Engine, quantumSeconds: number) {
    this.#engine = engine;
    this.#quantumSeconds = quantumSeconds;
    this.#solveKind = engine.registerLast(() => this.#solve());
    engine.follow(this);
  }

  /** Adds a resource of so many bytes per second (Infinity: no limit) and returns its number. */
  addResource(capacityBps: number): number {
    if (this.#resources === this.#capacity.length) {
      this.#capacity = enlarge(this.#capacity);
      this.#used = enlarge(this.#used);
      this.#level = enlarge(this.#level);
      this.#flowsOn = enlarge(this.#flowsOn);
    }
    const resource = this.#resources++;
    this.#capacity[resource] = capacityBps;
    this.#level[resource] = Infinity;
    return resource;
  }

  capacityOf(resource: number): number {
    return this.#capacity[resource]!;
  }

  setCapacity(resource: number, capacityBps: number): void {
    if (this.#capacity[resource] === capacityBps) return;
    this.#capacity[resource] = capacityBps;
    this.#markDirty();
  }

  /** The class of flows over `path` (resources in order, without repeats) with a cap per flow in bytes per second. */
  classOf(path: readonly number[], capBps: number): number {
    const key = `${path.join(',')}/${capBps}`;
    const known = this.#classByKey.get(key);
    if (known !== undefined) return known;
    assert(path.length <= PATH_MAX, 'a path is too long');
    assert(capBps > 0 && (capBps < Infinity || path.length > 0), 'a flow class needs a cap or a resource');
    const added = this.#path.length;
    if (added === this.#cap.length) this.#enlargeClasses();
    this.#path.push(Int32Array.from(path));
    this.#cap[added] = capBps;
    this.#endService.push([]);
    this.#endFlow.push([]);
    this.#classTime[added] = Infinity;
    this.#heapPlace[added] = -1;
    this.#classByKey.set(key, added);
    return added;
  }

  get classes(): number {
    return this.#path.length;
  }

  pathOf(flowClass: number): Int32Array {
    return this.#path[flowClass]!;
  }

  /** Rate of one flow of the class now, bytes per second. */
  rateOf(flowClass: number): number {
    return this.#rate[flowClass]!;
  }

  flowsOf(flowClass: number): number {
    return this.#flows[flowClass]!;
  }

  usedOf(resource: number): number {
    return this.#used[resource]!;
  }

  /** Seconds that the class's flows were held by its n-th book (place on the path, cap, standing still) so far. */
  bookOf(flowClass: number, book: number): number {
    this.#touch(flowClass);
    return this.#books[flowClass * CLASS_BOOKS + book]!;
  }

  /** Bytes that the class moved since the last call. */
  takeBytes(flowClass: number): number {
    this.#touch(flowClass);
    const bytes = this.#bytes[flowClass]!;
    this.#bytes[flowClass] = 0;
    return bytes;
  }

  /** Starts a flow; `onEnd(owner)` is called when its bytes have moved. Returns its handle. */
  start(flowClass: number, sizeBytes: number, owner: number): number {
    this.#touch(flowClass);
    const flow = this.#freeFlows.pop() ?? this.#newFlow();
    const end = this.#served[flowClass]! + sizeBytes;
    this.#flowClass[flow] = flowClass;
    this.#flowOwner[flow] = owner;
    this.#flowAlive[flow] = 1;
    this.#flowEnd[flow] = end;
    pushEnd(this.#endService[flowClass]!, this.#endFlow[flowClass]!, end, flow);
    const before = this.#flows[flowClass]!;
    this.#flows[flowClass] = before + 1;
    const path = this.#path[flowClass]!;
    for (let place = 0; place < path.length; place++) {
      const resource = path[place]!;
      this.#flowsOn[resource] = this.#flowsOn[resource]! + 1;
    }
    if (before === 0) this.#activate(flowClass);
    if (this.#fitsAtCap(flowClass)) {
      if (before === 0) {
        this.#rate[flowClass] = this.#cap[flowClass]!;
        this.#bottleneck[flowClass] = BOOK_CAP;
      }
      this.#use(flowClass, this.#cap[flowClass]!);
    } else {
      if (before === 0) this.#giveProvisionalRate(flowClass);
      this.#use(flowClass, this.#rate[flowClass]!);
      if (this.#isOverfull(flowClass)) this.#solveSoon();
      else this.#markDirty();
    }
    this.#refreshEnd(flowClass);
    return flow;
  }

  /** Ends a flow early and returns the bytes it still had to move. */
  cancel(flow: number): number {
    assert(this.#flowAlive[flow] === 1, 'a flow is cancelled twice');
    const flowClass = this.#flowClass[flow]!;
    this.#touch(flowClass);
    const left = Math.max(0, this.#flowEnd[flow]! - this.#served[flowClass]!);
    // The heap entry stays until it comes to the top; the flow's number is free again only then.
    this.#flowAlive[flow] = 0;
    this.#leave(flowClass);
    this.#dropDead(flowClass);
    this.#refreshEnd(flowClass);
    return left;
  }

  nextTime(): number {
    return this.#heapSize === 0 ? Infinity : this.#classTime[this.#heap[0]!]!;
  }

  fire(): void {
    const flowClass = this.#heap[0]!;
    this.#touch(flowClass);
    const services = this.#endService[flowClass]!;
    const flows = this.#endFlow[flowClass]!;
    const due = services[0]!;
    // The clock was set to this end, so rounding alone can leave the counter a little short.
    if (this.#served[flowClass]! < due) this.#served[flowClass] = due;
    const flow = flows[0]!;
    popEnd(services, flows);
    this.#flowAlive[flow] = 0;
    const owner = this.#flowOwner[flow]!;
    this.#freeFlows.push(flow);
    this.#leave(flowClass);
    this.#dropDead(flowClass);
    this.#refreshEnd(flowClass);
    this.onEnd(owner);
  }

  #leave(flowClass: number): void {
    const rate = this.#rate[flowClass]!;
    let tight = rate < this.#cap[flowClass]! * SATURATED;
    const path = this.#path[flowClass]!;
    for (let place = 0; place < path.length; place++) {
      const resource = path[place]!;
      if (this.#used[resource]! >= this.#capacity[resource]! * SATURATED) tight = true;
      this.#used[resource] = Math.max(0, this.#used[resource]! - rate);
      this.#flowsOn[resource] = this.#flowsOn[resource]! - 1;
    }
    const flows = this.#flows[flowClass]! - 1;
    this.#flows[flowClass] = flows;
    if (flows === 0) this.#deactivate(flowClass);
    if (tight) this.#markDirty();
  }

  #fitsAtCap(flowClass: number): boolean {
    const cap = this.#cap[flowClass]!;
    if (cap === Infinity) return false;
    if (this.#flows[flowClass]! > 1 && this.#rate[flowClass]! < cap) return false;
    const path = this.#path[flowClass]!;
    for (let place = 0; place < path.length; place++) {
      const resource = path[place]!;
      if (this.#used[resource]! + cap > this.#capacity[resource]!) return false;
    }
    return true;
  }

  #use(flowClass: number, rate: number): void {
    const path = this.#path[flowClass]!;
    for (let place = 0; place < path.length; place++) {
      const resource = path[place]!;
      this.#used[resource] = this.#used[resource]! + rate;
    }
  }

  /** Until the next solution: what the tightest resource gave its flows, or what it has left. */
  #giveProvisionalRate(flowClass: number): void {
    let rate = this.#cap[flowClass]!;
    let held = BOOK_CAP;
    const path = this.#path[flowClass]!;
    for (let place = 0; place < path.length; place++) {
      const resource = path[place]!;
      const capacity = this.#capacity[resource]!;
      if (capacity === Infinity) continue;
      const room = capacity - this.#used[resource]!;
      const share =
        room > capacity * 1e-9 ? room : Math.min(this.#level[resource]!, capacity / this.#flowsOn[resource]!);
      if (share < rate) {
        rate = share;
        held = place;
      }
    }
    this.#rate[flowClass] = rate;
    this.#bottleneck[flowClass] = rate === 0 ? BOOK_STALLED : held;
  }

  #markDirty(): void {
    if (this.#dirty) return;
    this.#dirty = true;
    this.#solveAt = this.#engine.now + this.#quantumSeconds;
    this.#engine.schedule(this.#solveAt, this.#solveKind);
  }

  /** Whether the flows on the path together have more than a resource gives. */
  #isOverfull(flowClass: number): boolean {
    const path = this.#path[flowClass]!;
    for (let place = 0; place < path.length; place++) {
      const resource = path[place]!;
      if (this.#used[resource]! > this.#capacity[resource]! * OVERFULL) return true;
    }
    return false;
  }

  /** Solves after all that happens at this time. */
  #solveSoon(): void {
    if (this.#dirty && this.#solveAt <= this.#engine.now) return;
    this.#dirty = true;
    this.#solveAt = this.#engine.now;
    this.#engine.schedule(this.#engine.now, this.#solveKind);
  }

  #solve(): void {
    // One that was to come later has been overtaken.
    if (!this.#dirty || this.#engine.now < this.#solveAt) return;
    this.#dirty = false;
    this.solutions++;
    const active = this.#activeByCap;
    const rates = this.#rate;
    for (const flowClass of active) {
      this.#touch(flowClass);
      this.#oldRate[flowClass] = rates[flowClass]!;
    }
    this.#solver.solve({
      capacity: this.#capacity,
      resources: this.#resources,
      path: this.#path,
      cap: this.#cap,
      flows: this.#flows,
      active,
      rate: rates,
      bottleneck: this.#bottleneck,
      used: this.#used,
      level: this.#level,
    });
    for (const flowClass of active) {
      const held = this.#bottleneck[flowClass]!;
      const path = this.#path[flowClass]!;
      if (held === path.length) this.#bottleneck[flowClass] = BOOK_CAP;
      else if (this.#capacity[path[held]!] === 0) this.#bottleneck[flowClass] = BOOK_STALLED;
      if (rates[flowClass] !== this.#oldRate[flowClass]) this.#refreshEnd(flowClass);
    }
  }

  /** Brings a class's counters to the present. */
  #touch(flowClass: number): void {
    const elapsed = this.#engine.now - this.#touchedAt[flowClass]!;
    this.#touchedAt[flowClass] = this.#engine.now;
    const flows = this.#flows[flowClass]!;
    if (elapsed <= 0 || flows === 0) return;
    const moved = this.#rate[flowClass]! * elapsed;
    this.#served[flowClass] = this.#served[flowClass]! + moved;
    this.#bytes[flowClass] = this.#bytes[flowClass]! + moved * flows;
    const book = flowClass * CLASS_BOOKS + this.#bottleneck[flowClass]!;
    this.#books[book] = this.#books[book]! + elapsed;
  }

  /** Inserts into the list of active classes, which is kept in order of rising cap. */
  #activate(flowClass: number): void {
    const list = this.#activeByCap;
    const cap = this.#cap[flowClass]!;
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = list[middle]!;
      if (this.#cap[other]! < cap || (this.#cap[other]! === cap && other < flowClass)) low = middle + 1;
      else high = middle;
    }
    list.splice(low, 0, flowClass);
  }

  #deactivate(flowClass: number): void {
    this.#activeByCap.splice(this.#activeByCap.indexOf(flowClass), 1);
    this.#rate[flowClass] = 0;
    // With nobody left the counter may start anew, which keeps its precision; dead entries go with it.
    for (const flow of this.#endFlow[flowClass]!) this.#freeFlows.push(flow);
    this.#endService[flowClass]!.length = 0;
    this.#endFlow[flowClass]!.length = 0;
    this.#served[flowClass] = 0;
  }

  /** Removes cancelled flows from the top of a class's heap. */
  #dropDead(flowClass: number): void {
    const services = this.#endService[flowClass]!;
    const flows = this.#endFlow[flowClass]!;
    while (flows.length > 0 && this.#flowAlive[flows[0]!] === 0) {
      this.#freeFlows.push(flows[0]!);
      popEnd(services, flows);
    }
  }

  #refreshEnd(flowClass: number): void {
    const services = this.#endService[flowClass]!;
    const rate = this.#rate[flowClass]!;
    const time =
      services.length === 0 || rate === 0
        ? Infinity
        : this.#engine.now + Math.max(0, services[0]! - this.#served[flowClass]!) / rate;
    this.#setClassTime(flowClass, time);
  }

  #setClassTime(flowClass: number, time: number): void {
    const place = this.#heapPlace[flowClass]!;
    this.#classTime[flowClass] = time;
    if (place < 0) {
      if (time === Infinity) return;
      this.#heap[this.#heapSize] = flowClass;
      this.#heapPlace[flowClass] = this.#heapSize;
      this.#siftUp(this.#heapSize++);
    } else if (time === Infinity) {
      const last = this.#heap[--this.#heapSize]!;
      this.#heapPlace[flowClass] = -1;
      if (last !== flowClass) {
        this.#heap[place] = last;
        this.#heapPlace[last] = place;
        this.#siftDown(this.#siftUp(place));
      }
    } else {
      this.#siftDown(this.#siftUp(place));
    }
  }

  #before(one: number, other: number): boolean {
    const difference = this.#classTime[one]! - this.#classTime[other]!;
    return difference < 0 || (difference === 0 && one < other);
  }

  #siftUp(place: number): number {
    const moving = this.#heap[place]!;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const other = this.#heap[parent]!;
      if (!this.#before(moving, other)) break;
      this.#heap[place] = other;
      this.#heapPlace[other] = place;
      place = parent;
    }
    this.#heap[place] = moving;
    this.#heapPlace[moving] = place;
    return place;
  }

  #siftDown(place: number): void {
    const moving = this.#heap[place]!;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.#heapSize) break;
      if (child + 1 < this.#heapSize && this.#before(this.#heap[child + 1]!, this.#heap[child]!)) child++;
      const other = this.#heap[child]!;
      if (!this.#before(other, moving)) break;
      this.#heap[place] = other;
      this.#heapPlace[other] = place;
      place = child;
    }
    this.#heap[place] = moving;
    this.#heapPlace[moving] = place;
  }

  #newFlow(): number {
    if (this.#flowCount === this.#flowClass.length) {
      this.#flowClass = enlarge(this.#flowClass);
      this.#flowOwner = enlarge(this.#flowOwner);
      this.#flowAlive = enlarge(this.#flowAlive);
      this.#flowEnd = enlarge(this.#flowEnd);
    }
    return this.#flowCount++;
  }

  #enlargeClasses(): void {
    this.#cap = enlarge(this.#cap);
    this.#flows = enlarge(this.#flows);
    this.#rate = enlarge(this.#rate);
    this.#oldRate = enlarge(this.#oldRate);
    this.#served = enlarge(this.#served);
    this.#touchedAt = enlarge(this.#touchedAt);
    this.#bottleneck = enlarge(this.#bottleneck);
    this.#bytes = enlarge(this.#bytes);
    this.#books = enlarge(this.#books);
    this.#classTime = enlarge(this.#classTime);
    this.#heap = enlarge(this.#heap);
    this.#heapPlace = enlarge(this.#heapPlace);
  }
}

function enlarge<A extends Float64Array | Int32Array | Uint8Array>(array: A): A {
  const larger = new (array.constructor as new (length: number) => A)(array.length * 2);
  larger.set(array);
  return larger;
}

function pushEnd(services: number[], flows: number[], service: number, flow: number): void {
  let index = services.length;
  services.push(service);
  flows.push(flow);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (services[parent]! <= service) break;
    services[index] = services[parent]!;
    flows[index] = flows[parent]!;
    index = parent;
  }
  services[index] = service;
  flows[index] = flow;
}

function popEnd(services: number[], flows: number[]): void {
  const service = services.pop()!;
  const flow = flows.pop()!;
  const size = services.length;
  if (size === 0) return;
  let index = 0;
  while (2 * index + 1 < size) {
    let child = 2 * index + 1;
    if (child + 1 < size && services[child + 1]! < services[child]!) child++;
    if (services[child]! >= service) break;
    services[index] = services[child]!;
    flows[index] = flows[child]!;
    index = child;
  }
  services[index] = service;
  flows[index] = flow;
}

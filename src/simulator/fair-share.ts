// Max-min fair sharing of resources among flow classes, by bottleneck ordering.
//
// All flows of a class take the same path and have the same cap, hence the same rate. The algorithm fills all flows
// alike; the next thing to stop the filling is either a class's cap or the resource with the least capacity left per
// unfrozen flow. These levels only grow while classes freeze, so a lazy heap of resources is enough: a stale key is
// pushed back with its new value. Cost O(sum of path lengths + re-pushes x log resources).
// Source of the method: Bertsekas and Gallager, Data Networks, 6.5.2 (progressive filling).

/** What is shared. The solver reads these and writes the results into `rate`, `bottleneck`, `used` and `level`. */
export interface ShareProblem {
  /** Per resource. */
  readonly capacity: Float64Array;
  readonly resources: number;
  /** Path of class c: path[pathStart[c] .. pathStart[c + 1]). */
  readonly path: readonly Int32Array[];
  readonly cap: Float64Array;
  readonly flows: Float64Array;
  /** Classes with flows, in order of rising cap. */
  readonly active: readonly number[];
  /** Result per class: rate of one flow. */
  readonly rate: Float64Array;
  /** Result per class: index in its path of the resource that held it, or the path's length where its cap did. */
  readonly bottleneck: Int32Array;
  /** Result per resource: what is taken of it. */
  readonly used: Float64Array;
  /** Result per resource: rate of the flows that it holds, or Infinity where it has capacity left. */
  readonly level: Float64Array;
}

/** Reusable memory of the solver. */
export class FairShareSolver {
  #left = new Float64Array(0);
  #weight = new Float64Array(0);
  #start = new Int32Array(0);
  #members = new Int32Array(0);
  #frozen = new Uint8Array(0);
  #heapKey: number[] = [];
  #heapResource: number[] = [];

  solve(problem: ShareProblem): void {
    this.#prepare(problem);
    const { active, cap, path, flows, rate, bottleneck, level } = problem;
    const frozen = this.#frozen;
    const left = this.#left;
    const weight = this.#weight;
    let nextCapped = 0;
    let unfrozen = active.length;
    const freeze = (member: number, at: number, held: number): void => {
      frozen[member] = 1;
      rate[member] = at;
      bottleneck[member] = held;
      unfrozen--;
      const share = at * flows[member]!;
      const way = path[member]!;
      for (let place = 0; place < way.length; place++) {
        const resource = way[place]!;
        weight[resource] = weight[resource]! - flows[member]!;
        left[resource] = left[resource]! - share;
      }
    };
    while (unfrozen > 0) {
      const resource = this.#popTight();
      while (nextCapped < active.length && frozen[active[nextCapped]!] === 1) nextCapped++;
      const capped = active[nextCapped]!;
      if (resource < 0) {
        // No resource holds what is left (a path without limits): each takes its cap.
        freeze(capped, cap[capped]!, path[capped]!.length);
        continue;
      }
      const fair = Math.max(0, left[resource]! / weight[resource]!);
      if (cap[capped]! <= fair) {
        freeze(capped, cap[capped]!, path[capped]!.length);
        this.#push(fair, resource);
        continue;
      }
      level[resource] = fair;
      for (let slot = this.#start[resource]!; slot < this.#start[resource + 1]!; slot++) {
        const member = this.#members[slot]!;
        if (frozen[member] === 0) freeze(member, fair, path[member]!.indexOf(resource));
      }
    }
    for (let resource = 0; resource < problem.resources; resource++) {
      problem.used[resource] =
        problem.capacity[resource]! === Infinity ? 0 : problem.capacity[resource]! - left[resource]!;
    }
    for (const member of active) {
      const way = path[member]!;
      for (let place = 0; place < way.length; place++) {
        const resource = way[place]!;
        if (problem.capacity[resource] === Infinity) problem.used[resource]! += rate[member]! * flows[member]!;
      }
    }
  }

  /** Sums flows by resource, lists the classes of each resource, and fills the heap. */
  #prepare(problem: ShareProblem): void {
    const { resources, capacity, active, path, flows, level } = problem;
    if (this.#left.length < resources) {
      this.#left = new Float64Array(resources);
      this.#weight = new Float64Array(resources);
      this.#start = new Int32Array(resources + 1);
    }
    const left = this.#left;
    const weight = this.#weight.fill(0);
    const start = this.#start.fill(0);
    let memberships = 0;
    let highest = 0;
    for (const member of active) {
      if (member > highest) highest = member;
      const way = path[member]!;
      for (let place = 0; place < way.length; place++) {
        const resource = way[place]!;
        weight[resource] = weight[resource]! + flows[member]!;
        start[resource] = start[resource]! + 1;
      }
      memberships += way.length;
    }
    if (this.#members.length < memberships) this.#members = new Int32Array(memberships * 2);
    if (this.#frozen.length <= highest) this.#frozen = new Uint8Array((highest + 1) * 2);
    let total = 0;
    for (let resource = 0; resource < resources; resource++) {
      total += start[resource]!;
      start[resource] = total;
      left[resource] = capacity[resource]!;
      level[resource] = Infinity;
    }
    start[resources] = total;
    for (const member of active) {
      this.#frozen[member] = 0;
      const way = path[member]!;
      for (let place = 0; place < way.length; place++) {
        const resource = way[place]!;
        const slot = start[resource]! - 1;
        start[resource] = slot;
        this.#members[slot] = member;
      }
    }
    this.#heapKey.length = 0;
    this.#heapResource.length = 0;
    for (let resource = 0; resource < resources; resource++) {
      if (weight[resource]! > 0 && left[resource]! !== Infinity)
        this.#push(left[resource]! / weight[resource]!, resource);
    }
  }

  /** The resource with the least left per unfrozen flow, or -1. */
  #popTight(): number {
    while (this.#heapKey.length > 0) {
      const key = this.#heapKey[0]!;
      const resource = this.#heapResource[0]!;
      this.#pop();
      // Weights are sums of whole numbers of flows, so an emptied one is exactly 0.
      if (this.#weight[resource]! <= 0) continue;
      const fair = Math.max(0, this.#left[resource]! / this.#weight[resource]!);
      if (fair > key && this.#heapKey.length > 0 && fair > this.#heapKey[0]!) this.#push(fair, resource);
      else return resource;
    }
    return -1;
  }

  #push(key: number, resource: number): void {
    const keys = this.#heapKey;
    const resources = this.#heapResource;
    let index = keys.length;
    keys.push(key);
    resources.push(resource);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (keys[parent]! <= key) break;
      keys[index] = keys[parent]!;
      resources[index] = resources[parent]!;
      index = parent;
    }
    keys[index] = key;
    resources[index] = resource;
  }

  #pop(): void {
    const keys = this.#heapKey;
    const resources = this.#heapResource;
    const key = keys.pop()!;
    const resource = resources.pop()!;
    const size = keys.length;
    if (size === 0) return;
    let index = 0;
    while (2 * index + 1 < size) {
      let child = 2 * index + 1;
      if (child + 1 < size && keys[child + 1]! < keys[child]!) child++;
      if (keys[child]! >= key) break;
      keys[index] = keys[child]!;
      resources[index] = resources[child]!;
      index = child;
    }
    keys[index] = key;
    resources[index] = resource;
  }
}

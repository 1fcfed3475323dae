// The catalogue (Rucio) in virtual time: rules and their locks, lifetimes, transitions between classes, STUCK and repair.
import { draw } from '../core/law.ts';
import type { RandomStream } from '../core/random.ts';
import { placeCopies, type Candidate } from '../catalogue/placement.ts';
import type { Process } from '../plan/plan.ts';
import type { ReplicationStep, TransitionStep } from '../scenario/scenario.ts';
import { BOOK } from './books.ts';
import type { Conditions } from './conditions.ts';
import type { Conveyor, ConveyorListener } from './conveyor.ts';
import { isComplete, type Dataset, type Datasets, type Rule } from './datasets.ts';
import type { Engine } from './engine.ts';
import type { Knowledge } from './knowledge.ts';
import type { Failure, Operations } from './operations.ts';
import { Reaper } from './reaper.ts';
import type { World } from './world.ts';
import type { Shared } from './shared.ts';

/** A client asks a catalogue that does not answer again after this time. */
const RETRY_SECONDS = 30;
/** A transition's own priority: transfers that users wait for go first. */
const TRANSITION_PRIORITY = 2;

/** Figures for the minute's sample. */
export interface CatalogueState {
  readonly rulesOk: number;
  readonly rulesReplicating: number;
  readonly rulesStuck: number;
  readonly locksOk: number;
  readonly locksReplicating: number;
  readonly locksStuck: number;
}

export class SimulatedCatalogue implements ConveyorListener {
  readonly #engine: Engine;
  readonly #operations: Operations;
  readonly #conditions: Conditions;
  readonly #world: World;
  readonly #knowledge: Knowledge;
  readonly #datasets: Datasets;
  readonly #conveyor: Conveyor;
  readonly #processes: readonly Process[];
  readonly #placement: RandomStream;
  readonly #latency: RandomStream;
  readonly #selectStorages: (expression: string) => ReadonlySet<number>;
  readonly #untilSeconds: number;
  readonly #reaper: Reaper;
  readonly #rules: (Rule | undefined)[] = [];
  readonly #freeRules: number[] = [];
  readonly #makeKind: number;
  readonly #evaluateKind: number;
  readonly #expireKind: number;
  readonly #repairKind: number;
  #made = 0;
  #rulesDone = 0;
  #rulesStuck = 0;
  #rulesWorking = 0;
  #locksDone = 0;
  #locksWorking = 0;
  #locksStuck = 0;

  constructor(shared: Shared, knowledge: Knowledge, conveyor: Conveyor) {
    this.#engine = shared.engine;
    this.#untilSeconds = shared.durationSeconds;
    this.#operations = shared.operations;
    this.#conditions = shared.conditions;
    this.#world = shared.world;
    this.#knowledge = knowledge;
    this.#datasets = shared.datasets;
    this.#conveyor = conveyor;
    this.#processes = shared.processes;
    this.#placement = shared.random('placement');
    this.#latency = shared.random('catalogue latency');
    this.#selectStorages = shared.selectStorages;
    this.#reaper = new Reaper(shared, (dataset) => this.considerForgetting(dataset));
    this.#makeKind = this.#register((rule) => this.#make(rule));
    this.#evaluateKind = this.#register((rule) => this.#evaluate(rule));
    this.#expireKind = this.#register((rule) => this.#expire(rule));
    this.#repairKind = this.#register((rule) => this.#repair(rule));
    conveyor.listener = this;
  }

  get state(): CatalogueState {
    return {
      rulesOk: this.#rulesDone,
      rulesReplicating: this.#rulesWorking,
      rulesStuck: this.#rulesStuck,
      locksOk: this.#locksDone,
      locksReplicating: this.#locksWorking,
      locksStuck: this.#locksStuck,
    };
  }

  /** Seconds that one request to the catalogue takes now. */
  latencySeconds(entity: number): number {
    const law = this.#world.lake.services.catalogue.latency;
    return draw(law, this.#latency, entity) * this.#conditions.services.catalogue.slowFactor;
  }

  /** A rule of the plan. */
  replicate(dataset: Dataset, step: ReplicationStep, atSeconds: number): void {
    this.#open(dataset, atSeconds, {
      ...step,
      frees: step.deleteSourceWhenDone ? 'origin' : 'nothing',
      kind: 'rule',
    });
  }

  /** A move between classes: a rule, and the release of the former home when it is done. */
  transition(dataset: Dataset, step: TransitionStep, atSeconds: number): void {
    this.#open(dataset, atSeconds, {
      to: step.to,
      copies: 1,
      lifetimeSeconds: step.lifetimeSeconds,
      activity: this.#processes[dataset.process]!.activity,
      priority: TRANSITION_PRIORITY,
      asynchronous: true,
      sources: '',
      frees: step.release ? 'home' : 'nothing',
      kind: 'transition',
    });
  }

  /** A file was written, or could not be. */
  fileSettled(dataset: Dataset): void {
    if (!isComplete(dataset)) return;
    for (const waiting of dataset.onComplete.splice(0)) waiting();
    this.considerForgetting(dataset);
  }

  /** Lets go of a dataset that nothing to come will name. Its bytes stay counted where they lie. */
  considerForgetting(dataset: Dataset): void {
    const process = this.#processes[dataset.process]!;
    if (process.isRead || dataset.stepsSeen < process.stepsPerDataset) return;
    if (!isComplete(dataset) || dataset.rules.length > 0 || dataset.holds > 0) return;
    this.#datasets.forget(dataset);
  }

  arrived(dataset: Dataset, file: number, storage: number, limiter: string): void {
    const replica = dataset.replicas.get(storage);
    const size = dataset.sizesBytes[file]!;
    if (replica === undefined) {
      // Its rule expired while it was under way and the replica was deleted: so is this file.
      this.#discard(size, storage);
      this.considerForgetting(dataset);
      return;
    }
    if (replica.files[file] === 1) {
      // Two requests for it were under way: one of a rule that expired, one of a rule that came after the deletion.
      this.#discard(size, storage);
      this.considerForgetting(dataset);
      return;
    }
    replica.files[file] = 1;
    replica.available++;
    // A copy: a rule that is done leaves the list.
    for (const rule of dataset.rules.slice()) {
      const place = rule.destinations.indexOf(storage);
      if (place < 0) continue;
      this.#settleLock(rule, place);
      if (rule.remaining === 0) this.#finish(rule, limiter);
    }
    this.considerForgetting(dataset);
  }

  gaveUp(dataset: Dataset, file: number, storage: number, failure: Failure): void {
    for (const rule of dataset.rules) {
      if (!rule.destinations.includes(storage)) continue;
      this.#getStuck(rule, failure);
      this.#locksWorking--;
      this.#locksStuck++;
      rule.stuck.push({ file, storage });
      this.#scheduleRepair(rule);
      return;
    }
    this.dropped(dataset, file, storage);
  }

  dropped(dataset: Dataset, file: number, storage: number): void {
    const replica = dataset.replicas.get(storage);
    if (replica !== undefined && replica.files[file] === 2) replica.files[file] = 0;
    this.considerForgetting(dataset);
  }

  /** Writes the records of the rules that the end of the run finds at work. */
  close(): void {
    for (const rule of this.#rules) {
      if (rule === undefined || rule.operation < 0) continue;
      const { operation } = rule;
      if (rule.state === 'waiting') this.#operations.book(operation, BOOK.dataNotReady);
      else this.#operations.borrow(operation, rule.state === 'stuck' ? 'retry delay' : 'catalogue');
      const stuck = rule.state === 'stuck' && rule.lastFailure !== undefined;
      this.#operations.end(operation, stuck ? 'failed' : 'censored', stuck ? rule.lastFailure : undefined);
      rule.operation = -1;
    }
  }

  #discard(sizeBytes: number, storage: number): void {
    this.#world.storages[storage]!.usedBytes -= sizeBytes;
  }

  #getStuck(rule: Rule, failure: Failure): void {
    rule.lastFailure = failure;
    if (rule.state === 'stuck') return;
    rule.state = 'stuck';
    this.#rulesWorking--;
    this.#rulesStuck++;
  }

  #getUnstuck(rule: Rule): void {
    rule.state = 'replicating';
    this.#rulesStuck--;
    this.#rulesWorking++;
  }

  #register(act: (rule: Rule) => void): number {
    return this.#engine.register((slot) => {
      const rule = this.#rules[slot]!;
      rule.events--;
      act(rule);
      this.#freeIfOver(rule);
    });
  }

  /** Schedules what is to happen to a rule; what lies after the run is not kept. False then. */
  #later(atSeconds: number, kind: number, rule: Rule): boolean {
    if (atSeconds > this.#untilSeconds) return false;
    rule.events++;
    this.#engine.schedule(atSeconds, kind, rule.slot);
    return true;
  }

  #freeIfOver(rule: Rule): void {
    if (rule.operation >= 0 || rule.events > 0 || this.#rules[rule.slot] !== rule) return;
    this.#rules[rule.slot] = undefined;
    this.#freeRules.push(rule.slot);
  }

  #open(
    dataset: Dataset,
    atSeconds: number,
    what: Pick<
      Rule,
      'to' | 'copies' | 'lifetimeSeconds' | 'activity' | 'priority' | 'asynchronous' | 'sources' | 'frees' | 'kind'
    >,
  ): void {
    const slot = this.#freeRules.pop() ?? this.#rules.length;
    const operations = this.#operations;
    const operation = operations.open(what.kind, dataset.process, atSeconds);
    operations.datasetName[operation] = dataset.name;
    operations.name[operation] = what.to;
    operations.activity[operation] = what.activity;
    operations.service[operation] = 'catalogue';
    operations.attempts[operation] = 1;
    const rule: Rule = {
      slot,
      dataset,
      to: what.to,
      copies: what.copies,
      lifetimeSeconds: what.lifetimeSeconds,
      activity: what.activity,
      priority: what.priority,
      asynchronous: what.asynchronous,
      sources: what.sources,
      frees: what.frees,
      kind: what.kind,
      number: this.#made++,
      operation,
      state: 'waiting',
      destinations: [],
      left: [],
      remaining: 0,
      locksOk: 0,
      stuck: [],
      repairs: 0,
      repairing: false,
      events: 0,
      lastFailure: undefined,
    };
    this.#rules[slot] = rule;
    dataset.rules.push(rule);
    dataset.stepsSeen++;
    if (isComplete(dataset)) this.#make(rule);
    else dataset.onComplete.push(() => this.#make(rule));
  }

  /** The client asks the catalogue for the rule. */
  #make(rule: Rule): void {
    const down = this.#conditions.requestFails('catalogue');
    this.#operations.book(rule.operation, rule.state === 'waiting' ? BOOK.dataNotReady : BOOK.fault);
    if (down) {
      rule.state = 'replicating';
      this.#operations.faultSubject[rule.operation] = 'catalogue';
      this.#later(this.#engine.now + RETRY_SECONDS, this.#makeKind, rule);
      return;
    }
    rule.state = 'replicating';
    this.#rulesWorking++;
    this.#operations.submittedAt[rule.operation] = this.#engine.now;
    const answered = this.#engine.now + this.latencySeconds(rule.number);
    const { judgeSeconds } = this.#world.lake.services.catalogue;
    const judge = judgeSeconds * this.#conditions.services.catalogue.slowFactor;
    const at = rule.asynchronous ? Math.ceil(answered / judge) * judge : answered;
    this.#later(at, this.#evaluateKind, rule);
  }

  /** Chooses where the copies go and asks for what is not there. */
  #evaluate(rule: Rule): void {
    const { dataset, operation } = rule;
    if (this.#conditions.services.catalogue.down !== 'no') {
      this.#later(this.#engine.now + RETRY_SECONDS, this.#evaluateKind, rule);
      return;
    }
    this.#operations.book(operation, rule.state === 'stuck' ? BOOK.retryDelay : BOOK.catalogue);
    if (rule.state === 'stuck') this.#getUnstuck(rule);
    if (Number.isNaN(this.#operations.startedAt[operation]!)) this.#operations.startedAt[operation] = this.#engine.now;
    if (dataset.uploaded === 0) {
      this.#rulesWorking--;
      this.#endRule(rule, 'failed', { errorClass: 'no-such-file', scope: 'client' });
      return;
    }
    const { chosen, lacking } = this.#place(rule);
    if (chosen.length < rule.copies) {
      this.#getStuck(rule, lacking);
      const repair = this.#world.lake.services.catalogue.repairSeconds;
      this.#later(this.#engine.now + repair, this.#evaluateKind, rule);
      return;
    }
    this.#operations.sizeBytes[operation] = rule.copies * sum(dataset.sizesBytes);
    if (chosen.length === 1) this.#operations.destination[operation] = chosen[0]!;
    this.#lock(rule, chosen);
    this.#expireLater(rule);
    if (rule.remaining === 0) this.#finish(rule, 'catalogue');
  }

  /** Where the copies go; where that does not suffice, what is lacking: room, or else a storage that can be reached. */
  #place(rule: Rule): { chosen: number[]; lacking: Failure } {
    const { dataset } = rule;
    const bytes = sum(dataset.sizesBytes);
    const candidates: Candidate[] = [];
    let isFull = false;
    for (const storage of this.#selectStorages(rule.to)) {
      const { capacityBytes, usedBytes, reservedBytes } = this.#world.storages[storage]!;
      const replica = dataset.replicas.get(storage);
      const wanted = replica !== undefined && (replica.locks > 0 || replica.available > 0);
      const hasRoom = usedBytes + reservedBytes + bytes <= capacityBytes;
      if (!hasRoom && !wanted) isFull = true;
      candidates.push({
        storage,
        present: wanted ? Math.max(replica.available, 1) / dataset.sizesBytes.length : 0,
        available: hasRoom && !this.#knowledge.knownDown[storage]! && this.#world.isOpen(storage),
      });
    }
    return {
      chosen: placeCopies(candidates, rule.copies, (index) => this.#placement.uniform(rule.number, index)),
      lacking: { errorClass: isFull ? 'no-space' : 'connection-refused', scope: 'destination' },
    };
  }

  #lock(rule: Rule, destinations: number[]): void {
    const { dataset } = rule;
    rule.destinations = destinations;
    // Requests go out only when all locks are counted: none of them may be heard of before.
    const wanted: [number, number][] = [];
    for (const storage of destinations) {
      const replica = this.#datasets.replica(dataset, storage);
      replica.locks++;
      let left = 0;
      const origin = dataset.replicas.get(dataset.origin);
      for (let file = 0; file < replica.files.length; file++) {
        const state = replica.files[file]!;
        if (state === 1) {
          this.#locksDone++;
          rule.locksOk++;
          continue;
        }
        const exists = state === 2 || origin?.files[file] === 1 || this.#existsElsewhere(dataset, file, storage);
        if (!exists) continue;
        left++;
        this.#locksWorking++;
        if (state === 0) {
          replica.files[file] = 2;
          wanted.push([file, storage]);
        }
      }
      rule.left.push(left);
      rule.remaining += left;
      if (left === 0) this.#noteFirstCopy(rule);
    }
    for (const [file, storage] of wanted) this.#conveyor.request(rule, file, storage);
  }

  #existsElsewhere(dataset: Dataset, file: number, storage: number): boolean {
    for (const [other, replica] of dataset.replicas) {
      if (other !== storage && replica.files[file] === 1) return true;
    }
    return false;
  }

  #noteFirstCopy(rule: Rule): void {
    const { firstByteAt } = this.#operations;
    if (Number.isNaN(firstByteAt[rule.operation]!)) firstByteAt[rule.operation] = this.#engine.now;
  }

  #settleLock(rule: Rule, place: number): void {
    rule.left[place] = rule.left[place]! - 1;
    rule.remaining--;
    this.#locksWorking--;
    this.#locksDone++;
    rule.locksOk++;
    if (rule.left[place] === 0) this.#noteFirstCopy(rule);
  }

  #finish(rule: Rule, limiter: string): void {
    const { dataset } = rule;
    if (rule.state === 'stuck') this.#rulesStuck--;
    else this.#rulesWorking--;
    this.#rulesDone++;
    this.#operations.borrow(rule.operation, limiter);
    this.#endRule(rule, 'ok', undefined);
    if (rule.frees === 'origin' && dataset.home === dataset.origin) this.#leaveHome(dataset);
    if (rule.frees === 'home') this.#moveHome(rule);
    this.considerForgetting(dataset);
  }

  /** A transition is done: its own lock protects the new home, until the next one moves on. */
  #moveHome(rule: Rule): void {
    const { dataset } = rule;
    if (dataset.movedBy !== undefined && dataset.movedBy.number > rule.number) {
      // A later step of the life cycle was done first: the data stays where that one took it.
      this.#releaseLocks(rule);
      return;
    }
    this.#leaveHome(dataset);
    dataset.home = rule.destinations[0]!;
    dataset.movedBy = rule;
  }

  /** Takes the lock from the dataset's home. Where a transition made the home, its locks go, so that its lifetime finds none. */
  #leaveHome(dataset: Dataset): void {
    const { home, movedBy } = dataset;
    dataset.home = -1;
    if (movedBy !== undefined) this.#releaseLocks(movedBy);
    else if (home >= 0) this.#unlock(dataset, home);
  }

  #releaseLocks(rule: Rule): void {
    this.#locksDone -= rule.locksOk;
    rule.locksOk = 0;
    for (const storage of rule.destinations.splice(0)) this.#unlock(rule.dataset, storage);
  }

  /** Writes the rule's record and takes it out of the work; a lifetime may still run. */
  #endRule(rule: Rule, outcome: 'ok' | 'failed' | 'cancelled', failure: Failure | undefined): void {
    this.#operations.end(rule.operation, outcome, failure);
    rule.operation = -1;
    if (rule.state !== 'expired') rule.state = 'done';
    const { rules } = rule.dataset;
    rules.splice(rules.indexOf(rule), 1);
    this.#freeIfOver(rule);
  }

  #expireLater(rule: Rule): void {
    if (rule.lifetimeSeconds === undefined) return;
    if (this.#later(this.#engine.now + rule.lifetimeSeconds, this.#expireKind, rule)) rule.dataset.holds++;
  }

  /** The lifetime is over: locks go, and what no lock protects is deleted. */
  #expire(rule: Rule): void {
    const { dataset } = rule;
    dataset.holds--;
    const unfinished = rule.state !== 'done';
    if (unfinished) {
      if (rule.state === 'stuck') this.#rulesStuck--;
      else this.#rulesWorking--;
      this.#locksWorking -= rule.remaining - rule.stuck.length;
      this.#locksStuck -= rule.stuck.length;
      rule.state = 'expired';
      this.#operations.borrow(rule.operation, 'catalogue');
      this.#endRule(rule, 'cancelled', undefined);
    } else {
      this.#rulesDone--;
    }
    this.#releaseLocks(rule);
    const process = this.#processes[dataset.process]!;
    // Functional tests clean up behind them: the file that was written for the rule goes with it.
    if (process.definition.kind === 'background') this.#leaveHome(dataset);
    rule.state = 'expired';
    // Another rule may want what this one was stuck with: it is that one's to have repaired.
    for (const { file, storage } of rule.stuck.splice(0)) this.gaveUp(dataset, file, storage, rule.lastFailure!);
    this.considerForgetting(dataset);
  }

  #unlock(dataset: Dataset, storage: number): void {
    const replica = dataset.replicas.get(storage);
    if (replica === undefined || replica.locks === 0) return;
    replica.locks--;
    if (replica.locks === 0) this.#reaper.doom(dataset, storage);
  }

  #scheduleRepair(rule: Rule): void {
    if (rule.repairing) return;
    rule.repairing = true;
    this.#later(this.#engine.now + this.#world.lake.services.catalogue.repairSeconds, this.#repairKind, rule);
  }

  #repair(rule: Rule): void {
    rule.repairing = false;
    if (rule.state !== 'stuck') return;
    this.#getUnstuck(rule);
    rule.repairs++;
    for (const { file, storage } of rule.stuck.splice(0)) {
      this.#locksStuck--;
      this.#locksWorking++;
      this.#conveyor.request(rule, file, storage);
    }
  }
}

function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

// Runs a plan on paper: puts the services together on one clock and lets the day pass.
import { RandomStream } from '../core/random.ts';
import type { RecordSink } from '../core/sink.ts';
import { selectStorages } from '../lake/rse-expression.ts';
import type { Intent, Plan } from '../plan/plan.ts';
import type { CheckedScenario } from '../scenario/scenario.ts';
import { SimulatedCatalogue } from './catalogue.ts';
import { Conditions } from './conditions.ts';
import { Conveyor } from './conveyor.ts';
import { Datasets, fileKey } from './datasets.ts';
import { Engine } from './engine.ts';
import { FlowNetwork } from './flow-network.ts';
import { Knowledge } from './knowledge.ts';
import { Mover } from './mover.ts';
import { Obstacles } from './obstacles.ts';
import { Operations } from './operations.ts';
import { Reads } from './reads.ts';
import { Sampler } from './sampler.ts';
import type { Shared } from './shared.ts';
import { TapeStaging } from './tape-staging.ts';
import { Tokens } from './tokens.ts';
import { SimulatedTransferService } from './transfer-service.ts';
import { Uploads } from './uploads.ts';
import { World } from './world.ts';

export interface SimulateOptions {
  /** Called now and then with the time of the day reached, in seconds. */
  readonly onProgress?: (nowSeconds: number) => void;
  /** True: nothing new starts any more; what is under way is written down as censored. */
  readonly shouldStop?: () => boolean;
  /** Awaited now and then, so that signals can be heard. */
  readonly pause?: () => Promise<void>;
}

export interface SimulationResult {
  /** The day's end, or when it was stopped. */
  readonly endedAtSeconds: number;
  readonly stopped: boolean;
  readonly events: number;
  readonly shareSolutions: number;
}

/** Events between two looks at the outside world. */
const EVENTS_PER_TURN = 20_000;

/**
 * Lets the plan happen in the scenario's lake, in virtual time; every operation and sample goes to `sink`. Depends on
 * its arguments alone: the same scenario, lake and seed give the same calls in the same order.
 */
export async function simulate(
  checked: CheckedScenario,
  plan: Plan,
  sink: RecordSink,
  options: SimulateOptions = {},
): Promise<SimulationResult> {
  const simulation = new Simulation(checked, plan, sink);
  let stopped = false;
  while (simulation.run(EVENTS_PER_TURN)) {
    options.onProgress?.(simulation.now);
    if (options.shouldStop?.() === true) {
      stopped = true;
      break;
    }
    await options.pause?.();
  }
  simulation.close();
  return {
    endedAtSeconds: simulation.now,
    stopped,
    events: simulation.events,
    shareSolutions: simulation.shareSolutions,
  };
}

class Simulation {
  readonly #plan: Plan;
  readonly #engine = new Engine();
  readonly #flows: FlowNetwork;
  readonly #world: World;
  readonly #operations: Operations;
  readonly #conditions: Conditions;
  readonly #datasets: Datasets;
  readonly #catalogue: SimulatedCatalogue;
  readonly #conveyor: Conveyor;
  readonly #transfers: SimulatedTransferService;
  readonly #mover: Mover;
  readonly #uploads: Uploads;
  readonly #reads: Reads;
  readonly #staging: TapeStaging;
  readonly #sampler: Sampler;
  readonly #intents: Iterator<Intent>;
  #next: Intent | undefined;

  constructor({ scenario, lake }: CheckedScenario, plan: Plan, sink: RecordSink) {
    const engine = this.#engine;
    this.#plan = plan;
    this.#flows = new FlowNetwork(engine, scenario.simulation.quantumSeconds);
    this.#world = new World(lake, this.#flows);
    this.#operations = new Operations(engine, this.#flows, this.#world, plan.processes, sink);
    const random = (name: string): RandomStream => new RandomStream(scenario.seed, `simulator ${name}`);
    // Faults change what others then see: they come first where times are equal, so they register first.
    this.#conditions = new Conditions(this.#world, engine, scenario.faults, {
      flapping: random('flapping'),
      requests: random('requests'),
    });
    const intentKind = engine.register(() => this.#meetIntents(intentKind));
    this.#datasets = new Datasets(this.#world);
    const shared: Shared = {
      engine,
      world: this.#world,
      operations: this.#operations,
      conditions: this.#conditions,
      datasets: this.#datasets,
      processes: plan.processes,
      experimentOf: numbered(plan.processes.map((process) => process.experiment)),
      selectStorages: selector(this.#world),
      fileOf: (operation) =>
        fileKey(this.#datasets.get(this.#operations.dataset[operation]!), this.#operations.file[operation]!),
      random,
      durationSeconds: plan.durationSeconds,
    };
    const mover = new Mover(shared, new Obstacles(shared));
    this.#mover = mover;
    const tokens = new Tokens(shared);
    const knowledge = new Knowledge(shared);
    this.#staging = new TapeStaging(shared);
    this.#conveyor = new Conveyor(shared, knowledge, tokens, this.#staging);
    this.#transfers = new SimulatedTransferService(shared, mover, this.#conveyor);
    this.#conveyor.transferService = this.#transfers;
    this.#catalogue = new SimulatedCatalogue(shared, knowledge, this.#conveyor);
    this.#uploads = new Uploads(shared, mover, this.#catalogue, tokens, this.#staging);
    this.#reads = new Reads(shared, mover, tokens, this.#staging);
    this.#uploads.onWritten = (dataset, file) => this.#reads.offer(dataset, file);
    this.#sampler = new Sampler(engine, sink, {
      world: this.#world,
      conditions: this.#conditions,
      catalogue: this.#catalogue,
      conveyor: this.#conveyor,
      transfers: this.#transfers,
      tokens,
      knowledge,
      staging: this.#staging,
      reads: this.#reads,
    });
    this.#placeExisting();
    this.#intents = plan.intents()[Symbol.iterator]();
    this.#pull(intentKind);
  }

  get now(): number {
    return this.#engine.now;
  }

  get events(): number {
    return this.#engine.events;
  }

  get shareSolutions(): number {
    return this.#flows.solutions;
  }

  /** Runs so many events; true while the day is not over. */
  run(events: number): boolean {
    return this.#engine.run(this.#plan.durationSeconds, events);
  }

  /** Ends the run: the last sample, and a record for all that was still under way. */
  close(): void {
    this.#sampler.sample();
    this.#transfers.closeBooks();
    this.#conveyor.closeBooks();
    this.#uploads.closeBooks();
    this.#catalogue.close();
    for (const operation of this.#operations.all()) {
      if (this.#operations.flow[operation]! >= 0) this.#operations.endFlow(operation, false);
      else if (this.#operations.bookedTo[operation]! < this.now)
        this.#operations.book(operation, this.#mover.bookOf(operation));
      this.#operations.end(operation, 'censored');
    }
  }

  /** Data that is there before the day. */
  #placeExisting(): void {
    for (const existing of this.#plan.existing()) {
      const storage = this.#world.storage(existing.storage);
      const { process, dataset: number, name, fileSizesBytes } = existing;
      const dataset = this.#datasets.add(process, number, name, fileSizesBytes.length, storage.index);
      fileSizesBytes.forEach((size, file) => {
        dataset.sizesBytes[file] = size;
      });
      dataset.uploaded = fileSizesBytes.length;
      const replica = this.#datasets.replica(dataset, storage.index);
      replica.files.fill(1);
      replica.available = fileSizesBytes.length;
      for (let file = 0; file < fileSizesBytes.length; file++) {
        storage.usedBytes += fileSizesBytes[file]!;
        this.#staging.place(storage.index, dataset, file);
        this.#reads.offer(dataset, file);
      }
    }
  }

  /** Takes the plan's next intent and sets the clock for it. */
  #pull(kind: number): void {
    const { value, done } = this.#intents.next();
    this.#next = done === true ? undefined : value;
    if (this.#next !== undefined) this.#engine.schedule(this.#next.atSeconds, kind);
  }

  #meetIntents(kind: number): void {
    const intent = this.#next!;
    this.#meet(intent);
    this.#pull(kind);
  }

  #meet(intent: Intent): void {
    switch (intent.kind) {
      case 'inject':
        this.#uploads.inject(intent);
        return;
      case 'replicate':
        this.#catalogue.replicate(this.#datasetOf(intent), intent.step, intent.atSeconds);
        return;
      case 'transition':
        this.#catalogue.transition(this.#datasetOf(intent), intent.step, intent.atSeconds);
        return;
      case 'access':
        this.#reads.start(intent);
        return;
      case 'fault':
        if (intent.phase === 'start') this.#conditions.start(intent.index);
        else this.#conditions.end(intent.index);
    }
  }

  #datasetOf(intent: { readonly process: number; readonly dataset: number }): ReturnType<Datasets['get']> {
    const dataset = this.#datasets.find(intent.process, intent.dataset);
    if (dataset === undefined) throw new Error(`internal fault: dataset ${intent.dataset} is not known yet`);
    return dataset;
  }
}

/** Numbers experiments in the order in which processes name them; a background's is the empty one. */
function numbered(experiments: readonly string[]): number[] {
  const numbers = new Map<string, number>();
  return experiments.map((experiment) => {
    const known = numbers.get(experiment) ?? numbers.size;
    numbers.set(experiment, known);
    return known;
  });
}

/** RSE expressions to numbers of storages, each worked out once. */
function selector(world: World): (expression: string) => ReadonlySet<number> {
  const known = new Map<string, ReadonlySet<number>>();
  return (expression) => {
    let selected = known.get(expression);
    if (selected === undefined) {
      const names = selectStorages(expression, world.lake.storages.values());
      selected = new Set(names.map((name) => world.storage(name).index));
      known.set(expression, selected);
    }
    return selected;
  };
}

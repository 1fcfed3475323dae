// The run's seconds as times of day: `06:00`, `06:00+1d`, counted from the day on which the clock starts.
import { formatTimeOfDay } from '../core/units.ts';

/** Writes the run's seconds as times of day, in UTC. */
export class DayClock {
  readonly #start: Date;
  readonly #offsetSeconds: number;

  constructor(start: Date) {
    this.#start = start;
    this.#offsetSeconds = start.getUTCHours() * 3600 + start.getUTCMinutes() * 60 + start.getUTCSeconds();
  }

  /** `14:05`, with `+1d` on the next day. */
  timeOfDay(atSeconds: number): string {
    return formatTimeOfDay(this.#offsetSeconds + atSeconds);
  }

  /** `06:00 to 18:00`. */
  window(fromSeconds: number, toSeconds: number): string {
    return `${this.timeOfDay(fromSeconds)} to ${this.timeOfDay(toSeconds)}`;
  }

  /** The moment itself. */
  moment(atSeconds: number): Date {
    return new Date(this.#start.getTime() + atSeconds * 1000);
  }
}

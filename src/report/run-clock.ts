// The run's clock as people read it: times of day in UTC, with the date where the run is longer than a day.

const SECONDS_A_DAY = 86400;

export class RunClock {
  readonly startSeconds: number;
  readonly durationSeconds: number;

  /** `start` is an ISO 8601 instant. */
  constructor(clock: { readonly start: string; readonly durationSeconds: number }) {
    this.startSeconds = Date.parse(clock.start) / 1000;
    this.durationSeconds = clock.durationSeconds;
  }

  /** Milliseconds since the epoch at `seconds` after the run's start. */
  epochMilliseconds(seconds: number): number {
    return (this.startSeconds + seconds) * 1000;
  }

  /** `14:00`; `14:00:30` in runs under an hour; `25 Nov 06:00` in runs of more than one day. */
  readonly format = (seconds: number): string => {
    const date = new Date(this.epochMilliseconds(Math.round(seconds)));
    const time = date.toISOString().slice(11, 19);
    if (this.durationSeconds > SECONDS_A_DAY) {
      const day = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
      return `${day} ${time.slice(0, 5)}`;
    }
    return this.durationSeconds < 3600 ? time : time.slice(0, 5);
  };

  /** `24 Nov 2020, 00:00 UTC`. */
  formatStart(): string {
    const date = new Date(this.epochMilliseconds(0));
    const day = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
    return `${day}, ${date.toISOString().slice(11, 16)} UTC`;
  }
}

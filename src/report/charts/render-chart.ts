// Draws a chart as SVG text. The same chart gives the same bytes.
import { parse, View, type LoggerInterface, type Runtime } from 'vega';
import { compile } from 'vega-lite';
import type { ChartDrawing } from './drawing.ts';
import { tidySvg } from './tidy-svg.ts';
import { THEME } from './theme.ts';

/** Compiling costs about as much as drawing, and most charts of a report differ only in their rows. */
export class ChartRenderer {
  readonly #runtimes = new Map<string, Runtime>();
  readonly #logger: LoggerInterface;

  /** `warn` is told what the drawing library finds odd in a specification. */
  constructor(warn: (message: string) => void = () => undefined) {
    this.#logger = makeLogger(warn);
  }

  /** An `<svg>` element whose colours are the page's CSS variables. Throws where the library finds an error. */
  async render(drawing: ChartDrawing): Promise<string> {
    const view = new View(this.#runtimeOf(drawing), { renderer: 'none', logger: this.#logger });
    try {
      for (const [name, rows] of Object.entries(drawing.rows)) view.insert(name, [...rows]);
      return tidySvg(await view.toSVG());
    } finally {
      view.finalize();
    }
  }

  #runtimeOf(drawing: ChartDrawing): Runtime {
    const key = JSON.stringify(drawing.spec);
    let runtime = this.#runtimes.get(key);
    if (runtime === undefined) {
      const options = { config: THEME, logger: this.#logger };
      runtime = parse('vega' in drawing.spec ? drawing.spec.vega : compile(drawing.spec.vegaLite, options).spec);
      this.#runtimes.set(key, runtime);
    }
    return runtime;
  }
}

/** A logger that prints nothing: the library's errors are thrown, its warnings handed over. */
function makeLogger(warn: (message: string) => void): LoggerInterface {
  const logger = {
    level: () => logger,
    error: (...messages: readonly unknown[]) => {
      throw new Error(`internal fault: a chart cannot be drawn: ${messages.map(String).join(' ')}`);
    },
    warn: (...messages: readonly unknown[]) => {
      warn(messages.map(String).join(' '));
      return logger;
    },
    info: () => logger,
    debug: () => logger,
  };
  return logger;
}

import { clearScreenDown, moveCursor } from "node:readline";
import { createColors } from "picocolors";

type Colors = ReturnType<typeof createColors>;

/** One piece of work that a person watches. */
export interface Step {
  /** Says what the step is busy with. */
  update(detail: string): void;
  done(detail?: string): void;
  failed(detail?: string): void;
}

export interface Progress {
  step(title: string): Step;
  /** Prints a line that stays. */
  line(text: string): void;
  /** Takes the lines that still move off the screen. */
  end(): void;
}

/** Progress on standard error: lines that move on a terminal, plain lines elsewhere and in CI; none at all when `quiet`. */
export function createProgress(options: { quiet?: boolean; stream?: NodeJS.WriteStream } = {}): Progress {
  const stream = options.stream ?? process.stderr;
  if (options.quiet ?? false) return silent;
  return stream.isTTY && process.env.CI === undefined
    ? new LiveProgress(stream, colorsFor(stream))
    : new PlainProgress(stream, colorsFor(stream));
}

/** Colours for a stream: on a terminal unless `NO_COLOR` is set, elsewhere only with `FORCE_COLOR`. */
export function colorsFor(stream: NodeJS.WriteStream): Colors {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  const wanted = FORCE_COLOR !== undefined || stream.isTTY;
  return createColors(wanted && (NO_COLOR === undefined || NO_COLOR === ""));
}

const silent: Progress = {
  step: () => ({ update: () => undefined, done: () => undefined, failed: () => undefined }),
  line: () => undefined,
  end: () => undefined,
};

class PlainProgress implements Progress {
  constructor(
    private readonly stream: NodeJS.WritableStream,
    private readonly colors: Colors,
  ) {}

  step(title: string): Step {
    const started = Date.now();
    const finish = (mark: string, detail?: string): void => {
      this.line(
        `${mark} ${title}${detail === undefined ? "" : ` ${detail}`} ${this.colors.dim(`(${seconds(started)})`)}`,
      );
    };
    return {
      update: () => undefined,
      done: (detail) => {
        finish(this.colors.green("✓"), detail);
      },
      failed: (detail) => {
        finish(this.colors.red("✗"), detail);
      },
    };
  }

  line(text: string): void {
    this.stream.write(`${text}\n`);
  }

  end(): void {
    // Nothing moves.
  }
}

interface Moving {
  readonly title: string;
  readonly started: number;
  detail: string;
}

const frames = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
/** Milliseconds between two frames: fast enough to look alive, slow enough to cost nothing. */
const frameTime = 100;

class LiveProgress implements Progress {
  readonly #moving = new Set<Moving>();
  readonly #plain: PlainProgress;
  #drawn = 0;
  #frame = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly colors: Colors,
  ) {
    this.#plain = new PlainProgress(stream, colors);
  }

  step(title: string): Step {
    const moving: Moving = { title, started: Date.now(), detail: "" };
    const plain = this.#plain.step(title);
    this.#moving.add(moving);
    this.#timer ??= setInterval(() => {
      this.#frame++;
      this.#redraw(() => undefined);
    }, frameTime).unref();
    const finish = (print: () => void): void => {
      this.#moving.delete(moving);
      this.#redraw(print);
      if (this.#moving.size === 0) this.end();
    };
    return {
      update: (detail) => {
        moving.detail = detail;
      },
      done: (detail) => {
        finish(() => {
          plain.done(detail);
        });
      },
      failed: (detail) => {
        finish(() => {
          plain.failed(detail);
        });
      },
    };
  }

  line(text: string): void {
    this.#redraw(() => {
      this.#plain.line(text);
    });
  }

  end(): void {
    this.#moving.clear();
    this.#redraw(() => undefined);
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Takes the moving lines away, prints what stays, and draws the moving lines below it. */
  #redraw(print: () => void): void {
    if (this.#drawn > 0) {
      moveCursor(this.stream, 0, -this.#drawn);
      clearScreenDown(this.stream);
    }
    print();
    const room = Math.max(1, this.stream.rows - 2);
    const lines = [...this.#moving].slice(0, room).map((moving) => this.#draw(moving));
    for (const line of lines) this.stream.write(`${line}\n`);
    this.#drawn = lines.length;
  }

  #draw({ title, detail, started }: Moving): string {
    const spinner = this.colors.cyan(frames[this.#frame % frames.length] ?? "");
    const text = `${title} ${detail}`.trim();
    const time = seconds(started);
    const room = this.stream.columns - time.length - 6;
    const shown = text.length > room ? `${text.slice(0, Math.max(0, room - 1))}…` : text;
    return `${spinner} ${shown} ${this.colors.dim(`(${time})`)}`;
  }
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

interface Tool {
  /** What the tool is for, as the end of a sentence. */
  readonly purpose: string;
  /** Files it puts into its `bin` folder. */
  readonly programs: readonly string[];
  /** Rough time of a build on two idle cores with an empty Go build cache, in seconds; orders builds and tells what to expect. */
  readonly seconds: number;
  /** Size of what it puts into the cache, in MiB, rounded up. */
  readonly size: number;
}

/** A tool built from a Go module in `toolchain/go`. */
export interface GoTool extends Tool {
  readonly kind: "go";
  readonly version: string;
  /** Folder in `toolchain/go`, where tools share one because they share most packages. Default: the tool's name. */
  readonly module?: string;
  /** Main packages, in the order of `programs`; a program may bear another name than the last element of its package's path. */
  readonly packages: readonly string[];
  /** Further names of the first program, which acts by the name that it is called as. */
  readonly links?: readonly string[];
  /** Variables set by the linker, because a program built from a module does not know its own version. */
  readonly stamps?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
}

/** A tool in C: taken from the machine where it is new enough, else from the distribution's packages, never installed. */
export interface PackagedTool extends Tool {
  readonly kind: "packaged";
  /** Oldest version that works. */
  readonly minimum: string;
  /** Debian packages: the one with the program first, then libraries that a machine may lack. */
  readonly packages: readonly string[];
}

/** A program taken from a Python wheel of pinned hash, for what is published ready-made there alone. */
export interface WheelTool extends Tool {
  readonly kind: "wheel";
  readonly version: string;
  /** Name of the Python distribution. */
  readonly distribution: string;
  /** SHA-256 of the wheel file. */
  readonly sha256: string;
  /** Path of the program in the wheel. It is the first of `programs`; the others are the shared libraries that it needs. */
  readonly member: string;
}

/** An image archive of programs of other tools, for `ctr images import` and for pushing to a registry. */
export interface ImageTool extends Tool {
  readonly kind: "image";
  /** Name and tag that the archive gives the image. */
  readonly reference: string;
  /** Path in the image → the tool and its program; the first is the entrypoint. */
  readonly files: Readonly<Record<string, readonly [tool: string, program: string]>>;
}

export type AnyTool = GoTool | PackagedTool | WheelTool | ImageTool;

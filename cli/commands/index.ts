import type { Command } from "commander";
import { cluster } from "./cluster";
import { down } from "./down";
import { env } from "./env";
import { exec } from "./exec";
import { logs } from "./logs";
import { preview } from "./preview";
import { render } from "./render";
import { restart } from "./restart";
import { status } from "./status";
import { up } from "./up";

/** Every command by its heading in `--help`: a file in this folder and one entry here. */
export const commands: Readonly<Record<string, readonly (() => Command)[]>> = {
  "Change what runs:": [up, preview, down],
  "Look after what runs:": [status, logs, exec, restart],
  "Describe:": [render],
  "This machine:": [cluster, env],
};

import type { Command } from "commander";
import { bundle } from "./bundle";
import { cluster } from "./cluster";
import { crds } from "./crds";
import { doctor } from "./doctor";
import { down } from "./down";
import { drift } from "./drift";
import { env } from "./env";
import { exec } from "./exec";
import { explain } from "./explain";
import { history } from "./history";
import { init } from "./init";
import { lock } from "./lock";
import { logs } from "./logs";
import { move } from "./move";
import { open } from "./open";
import { policy } from "./policy";
import { preview } from "./preview";
import { promote } from "./promote";
import { render } from "./render";
import { restart } from "./restart";
import { rollback } from "./rollback";
import { schema } from "./schema";
import { status } from "./status";
import { top } from "./top";
import { up } from "./up";
import { volumes } from "./volumes";
import { watch } from "./watch";

/** Every command by its heading in `--help`: a file in this folder and one entry here. */
export const commands: Readonly<Record<string, readonly (() => Command)[]>> = {
  "Change what runs:": [up, preview, down],
  "Move what runs:": [promote, rollback, history, move, lock],
  "Look after what runs:": [status, top, watch, open, logs, exec, restart, volumes, crds, drift],
  "Describe:": [init, explain, render, bundle, policy, schema],
  "This machine:": [cluster, doctor, env],
};

import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { label } from "../../components/app/definition/scalars";
import { image as imageSchema } from "../../components/app/definition/image";
import { kinds, type Kind } from "../../components/app/definition/workload";
import { PetrichorError, throwAll } from "../../components/errors";
import { choices, closest } from "../../components/input/suggest";
import { appFiles } from "../../stacks/project/files";
import { filesOf, type NewApp } from "./template";

/** What a person asked for, unchecked. */
export interface Wanted {
  /** `guestbook` or `apps/guestbook`. */
  readonly folder: string;
  readonly kind: string;
  readonly language: string;
  readonly image?: string;
  readonly format: string;
}

/** Languages that images are built from today. */
const languages = ["go"] as const;
const formats = ["ts", "yaml"] as const;

/** An app that was made. */
export interface Made {
  readonly app: NewApp;
  /** Its files, relative to the project. */
  readonly files: readonly string[];
}

/**
 * Makes an app in a folder of its own, and overwrites nothing.
 * @throws PetrichorErrors with everything that is wrong with what is asked for: FIELD_VALUE, FIELD_NAME, FIELD_FORMAT, FOLDER_TAKEN
 */
export function createApp(root: string, wanted: Wanted): Made {
  const name = nameIn(root, wanted.folder);
  throwAll([
    ...among("kind", wanted.kind, Object.keys(kinds)),
    ...among("language", wanted.language, languages),
    ...among("format", wanted.format, formats),
    ...wellFormed(name, wanted.image),
    ...free(root, name),
  ]);
  const { image } = wanted;
  const app: NewApp = {
    name,
    kind: wanted.kind as Kind,
    format: wanted.format as NewApp["format"],
    ...(image === undefined ? {} : { image }),
  };
  const files = Object.entries(filesOf(app)).map(([file, text]) => {
    const relative = path.join("apps", name, file);
    const absolute = path.join(root, relative);
    mkdirSync(path.dirname(absolute), { recursive: true });
    writeFileSync(absolute, text, { flag: "wx" });
    return relative;
  });
  return { app, files: files.sort() };
}

/** The app's name: that of its folder, which has to be one of `apps/`. */
function nameIn(root: string, folder: string): string {
  const bare = !/[/\\]/.test(folder);
  const relative = bare ? folder : path.relative(path.join(root, "apps"), path.resolve(root, folder));
  if (relative !== "" && relative !== ".." && !relative.includes(path.sep) && !path.isAbsolute(relative))
    return relative;
  throw new PetrichorError(
    "FIELD_VALUE",
    `the folder "${folder}" is not one of apps/, where the apps of a project are.`,
    "Name the app alone, for example `petrichor init guestbook`.",
  );
}

function among(what: string, value: string, known: readonly string[]): PetrichorError[] {
  if (known.includes(value)) return [];
  const meant = closest(value, known);
  const fix = meant === undefined ? `Take ${choices(known)}.` : `Did you mean "${meant}"?`;
  return [new PetrichorError("FIELD_VALUE", `--${what} is "${value}", which is not ${choices(known)}.`, fix)];
}

function wellFormed(name: string, image: string | undefined): PetrichorError[] {
  const named = label.safeParse(name);
  const referred = image === undefined ? undefined : imageSchema.safeParse(image);
  const errors: PetrichorError[] = [];
  if (!named.success) {
    const fix = `Write ${named.error.issues[0]?.message ?? "another one"}.`;
    errors.push(new PetrichorError("FIELD_NAME", `"${name}" can't be the name of an app.`, fix));
  }
  if (referred?.success === false) {
    const fix = `Write ${referred.error.issues[0]?.message ?? "another one"}.`;
    errors.push(new PetrichorError("FIELD_FORMAT", `--image is "${image ?? ""}", which is no image.`, fix));
  }
  return errors;
}

function free(root: string, name: string): PetrichorError[] {
  const folder = path.join(root, "apps", name);
  const [app] = appFiles(root).filter((file) => path.dirname(file) === path.join("apps", name));
  const [file] = existsSync(folder) ? readdirSync(folder) : [];
  if (file === undefined) return [];
  const holds = app ?? path.join("apps", name, file);
  return [new PetrichorError("FOLDER_TAKEN", `apps/${name} has files already.`, "Take another name.", { file: holds })];
}

import { execFile } from "node:child_process";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { certificateFiles } from "../components/platform/certificate";
import type { EngineId } from "../components/platform/definition";
import { enginesNamed, imageDigestsFile } from "../components/platform/installed";
import { type BuildOptions, ensureTools } from "./build";
import { ensureManifests } from "./manifests";
import type { ToolFile, ToolName } from "./tools";

const execute = promisify(execFile);

/** Days that the gateway's certificate is valid, and from when on before its end an `up` renews it. */
const certificateDays = 365;
const authorityDays = 3650;
const renewBeforeDays = 30;

export interface EnginesOptions extends BuildOptions {
  /** Engines by id; those that they need come along. */
  readonly engines: readonly EngineId[];
  /** `HOST:PORT` of the embedded cluster's registry. Absent for clusters of others: their nodes get the published images. */
  readonly registry?: string | undefined;
  readonly domain: string;
}

/**
 * Makes everything that engines need before the Pulumi engine starts: their manifests and, on an embedded cluster, images and a
 * certificate.
 */
export async function ensureEngines({ engines, registry, domain, ...options }: EnginesOptions): Promise<void> {
  const wanted = enginesNamed(engines);
  if (wanted.length === 0) return;
  await ensureManifests(
    wanted.flatMap(({ upstream }) => upstream),
    options,
  );
  if (registry === undefined) return;
  const tools = new Set(wanted.flatMap(({ images }) => Object.values(images).map(({ tool }) => tool as ToolName)));
  await recordDigests(await pushImages([...tools], registry, options));
  await ensureCertificate(domain, options);
}

/** Pushes the images of tools that the registry lacks: the name of an image's tool → its digest. */
export async function pushImages(
  tools: readonly ToolName[],
  registry: string,
  options: BuildOptions,
): Promise<Record<string, string>> {
  const { images: program } = await ensureTools(["images"], options);
  const digests: Record<string, string> = {};
  for (const tool of tools) {
    const archive = (await ensureTools([tool], options))[`${tool.replace(/-image$/, "")}.tar` as ToolFile];
    const repository = `${registry}/platform/${tool}`;
    const { stdout } = await execute(program, ["push", "--archive", archive, "--repository", repository]);
    const digest = stdout.trim().split("@")[1];
    if (digest === undefined) throw new Error(`pushing ${tool} printed ${stdout}`);
    digests[tool] = digest;
  }
  return digests;
}

/** Writes down the digests of images for rendering. */
async function recordDigests(digests: Readonly<Record<string, string>>): Promise<void> {
  const known = { ...(await readDigests()), ...digests };
  const file = imageDigestsFile();
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.${process.pid}`, JSON.stringify(known));
  await rename(`${file}.${process.pid}`, file);
}

async function readDigests(): Promise<Record<string, string>> {
  const text = await readFile(imageDigestsFile(), "utf8").catch(() => "{}");
  return JSON.parse(text) as Record<string, string>;
}

/** Makes the authority of the platform and its certificate for every host of the domain, or renews them when their end is near. */
async function ensureCertificate(domain: string, options: BuildOptions): Promise<void> {
  const { supervisor } = await ensureTools(["supervisor"], options);
  const { folder } = certificateFiles(domain);
  const hosts = [`*.${domain}`, domain];
  const certificates = [{ name: "public", commonName: domain, hosts, days: certificateDays }];
  const settings = {
    folder,
    renewBeforeDays,
    authorities: [{ name: "ca", days: authorityDays, certificates }],
    keys: [],
  };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(`${folder}.json`, JSON.stringify(settings));
  await execute(supervisor, ["certificates", `${folder}.json`]);
}

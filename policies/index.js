// Pulumi starts the policy pack here. What runs is compiled from the sources beside this file, anew as soon as one of them is another.
const { execFileSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const { existsSync, readFileSync } = require("node:fs");
const path = require("node:path");

const root = path.dirname(__dirname);
const compiled = path.join(__dirname, "dist/pack.js");

/** The last line of what was compiled has the digest of every source. */
function isCurrent() {
  if (!existsSync(compiled)) return false;
  const program = readFileSync(compiled, "utf8");
  const digests = JSON.parse(program.slice(program.lastIndexOf("\n//") + "\n//".length));
  return Object.entries(digests).every(([file, digest]) => digest === digestOf(file));
}

function digestOf(file) {
  const absolute = path.join(root, file);
  return existsSync(absolute) ? createHash("sha256").update(readFileSync(absolute)).digest("base64") : undefined;
}

if (!isCurrent()) {
  const args = ["--import", "tsx", path.join(__dirname, "compile.ts")];
  execFileSync(process.execPath, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
}
// Errors name the sources.
process.setSourceMapsEnabled(true);
require(compiled);

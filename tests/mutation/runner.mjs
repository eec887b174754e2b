import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import {
  determineHitLimitReached,
  DryRunStatus,
  TestStatus,
  toMutantRunResult,
} from "@stryker-mutator/api/test-runner";
import { transformFileSync } from "@swc/core";
import { expect } from "expect";
import * as circus from "jest-circus";

/**
 * Runs the tests that judge mutants in one process: libraries are loaded once, and the project's own modules anew only for a mutant that
 * takes part in loading them. jest itself loads everything anew for each file of tests and each mutant, which takes hours.
 */
class MutationRunner {
  /** What tests and mutants tell each other; the code with the mutants in it reads it from the same place. */
  state = (globalThis.__stryker__ ??= {});

  /** The tests of each file that is loaded. */
  loaded = new Map();

  constructor() {
    const { afterAll, beforeAll, describe, it, test } = circus;
    // A test may give itself more time; here the time of all is bounded by Stryker.
    const jest = { setTimeout: () => undefined };
    Object.assign(globalThis, { afterAll, beforeAll, describe, it, test, jest, expect });
    readTypeScript();
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async dryRun() {
    Object.assign(this.state, { activeMutant: undefined, mutantCoverage: { static: {}, perTest: {} } });
    const tests = await this.run(undefined, false);
    return { status: DryRunStatus.Complete, tests, mutantCoverage: this.state.mutantCoverage };
  }

  async mutantRun({ activeMutant, mutantActivation, testFilter, reloadEnvironment, hitLimit, disableBail }) {
    if (reloadEnvironment) this.forget();
    const wanted = testFilter === undefined ? undefined : new Set(testFilter);
    this.state.activeMutant = undefined;
    if (mutantActivation === "runtime") for (const file of filesOf(wanted)) this.load(file);
    const hitCount = hitLimit === undefined ? undefined : 0;
    Object.assign(this.state, { activeMutant: activeMutant.id, hitCount, hitLimit });
    const tests = await this.run(wanted, !disableBail);
    const endless = determineHitLimitReached(this.state.hitCount, hitLimit);
    return toMutantRunResult(endless ?? { status: DryRunStatus.Complete, tests });
  }

  /** Lets go of the project's own modules and keeps the libraries. */
  forget() {
    this.loaded.clear();
    for (const name of Object.keys(require.cache)) {
      if (name.startsWith(process.cwd() + path.sep) && !name.includes("/node_modules/"))
        Reflect.deleteProperty(require.cache, name);
    }
  }

  /** Loads a file of tests, if it is not loaded yet. */
  load(file) {
    const known = this.loaded.get(file);
    if (known !== undefined) return known;
    circus.resetState();
    require(path.resolve("tests/setup.ts"));
    require(path.resolve(file));
    const { rootDescribeBlock } = circus.getState();
    this.loaded.set(file, rootDescribeBlock);
    return rootDescribeBlock;
  }

  /** Runs the wanted tests, or all; up to the first that fails, where that is enough. */
  async run(wanted, bail) {
    const results = [];
    for (const file of filesOf(wanted)) {
      for await (const result of this.results(file, wanted)) {
        results.push(result);
        if (bail && result.status === TestStatus.Failed) return results;
      }
    }
    return results;
  }

  async *results(file, wanted) {
    try {
      yield* this.resultsOf(this.load(file), `${file}: `, wanted);
    } catch (error) {
      yield resultOf(file, 0, error);
    }
  }

  async *resultsOf({ hooks, children }, prefix, wanted) {
    for (const { type, fn } of hooks) if (type === "beforeAll") await fn();
    for (const child of children) {
      const id = `${prefix}${child.name}`;
      if (child.type === "describeBlock") yield* this.resultsOf(child, `${id} `, wanted);
      else if (wanted?.has(id) !== false) yield await this.resultOfTest(child, id);
    }
    for (const { type, fn } of hooks) if (type === "afterAll") await fn();
  }

  async resultOfTest({ fn }, id) {
    const started = performance.now();
    this.state.currentTestId = id;
    try {
      await fn();
      return resultOf(id, performance.now() - started);
    } catch (error) {
      return resultOf(id, performance.now() - started, error);
    } finally {
      this.state.currentTestId = undefined;
    }
  }
}

const require = createRequire(import.meta.url);

/** Each file is turned into JavaScript once, however often it is loaded. */
function readTypeScript() {
  const options = {
    jsc: { target: "es2022", parser: { syntax: "typescript" } },
    module: { type: "commonjs" },
    swcrc: false,
  };
  const compiled = new Map();
  require.extensions[".ts"] = (module, file) => {
    const code = compiled.get(file) ?? transformFileSync(file, options).code;
    compiled.set(file, code);
    module._compile(code, file);
  };
}

/** The files of the wanted tests; of all that are quick, those that notice most first. */
function filesOf(wanted) {
  const unit = readdirSync("tests/unit/app").filter((name) => /(?<!properties)\.test\.ts$/.test(name));
  const all = [
    "tests/unit/docs/reference.test.ts",
    ...unit.map((name) => `tests/unit/app/${name}`),
    "tests/golden/kinds.test.ts",
    "tests/golden/models.test.ts",
    "tests/golden/relations.test.ts",
    // Seconds long, so it judges only what all others let pass.
    "tests/golden/mistakes.test.ts",
  ];
  return wanted === undefined ? all : all.filter((file) => [...wanted].some((id) => id.startsWith(`${file}: `)));
}

function resultOf(id, timeSpentMs, error) {
  const [file] = id.split(": ");
  const told = { id, name: id, fileName: path.resolve(file), timeSpentMs };
  if (error === undefined) return { ...told, status: TestStatus.Success };
  return { ...told, status: TestStatus.Failed, failureMessage: String(error) };
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "mutation", MutationRunner)];

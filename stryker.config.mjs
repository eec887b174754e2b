/**
 * Mutation testing: changes the definition and the model in small ways and looks whether a test notices. It takes minutes and belongs to no
 * other step: `npm run mutate`, or `npm run mutate -- --mutate components/app/model/links.ts` for one file. What did not change since the
 * last run is not tried again. See docs/adr/0011-mutants-are-judged-in-one-process.md.
 *
 * @type {import("@stryker-mutator/api/core").PartialStrykerOptions}
 */
export default {
  testRunner: "mutation",
  plugins: ["./tests/mutation/runner.mjs", "./tests/mutation/words.mjs"],
  // What schemas say to people is compared with the reference pages; see `tests/unit/docs`.
  ignorers: ["words"],
  mutate: ["components/app/definition/**/*.ts", "components/app/model/**/*.ts"],
  coverageAnalysis: "perTest",
  incremental: true,
  incrementalFile: ".petrichor/mutation.json",
  tempDirName: ".petrichor/mutation",
  ignorePatterns: [
    "/*",
    "!/apps",
    "!/jest.config.js",
    "!/cli",
    "!/components",
    "!/docs",
    "!/policies",
    "!/releases",
    "!/stacks",
    "!/tests",
    "!/toolchain/*.ts",
    "!/package.json",
    "!/tsconfig.json",
    "!/index.ts",
    "/tests/live",
    "/toolchain/go",
  ],
  concurrency: 1,
  // On a busy machine a test that is merely slow must not count as one that noticed.
  timeoutMS: 60_000,
  // Nothing of it is compiled with types.
  disableTypeChecks: false,
  reporters: ["clear-text", "progress"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: true },
  thresholds: { high: 95, low: 90, break: 90 },
};

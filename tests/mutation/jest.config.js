const { projects } = require("../../jest.config");

const [unit] = projects;

/** The tests that judge mutants: those of definition and model that are quick. @type {import("jest").Config} */
module.exports = {
  ...unit,
  rootDir: "../..",
  testMatch: ["<rootDir>/tests/unit/app/!(*properties).test.ts", "<rootDir>/tests/golden/kinds.test.ts"],
};

/** @type {import("jest").Config} */
const common = {
  testEnvironment: "node",
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  setupFiles: ["<rootDir>/tests/setup.ts"],
};
const layer = (name) => ({ ...common, displayName: name, testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`] });

module.exports = {
  projects: [
    ...["unit", "golden", "components", "policies"].map(layer),
    ...["live", "soak"].map((name) => ({ ...layer(name), testTimeout: 600_000 })),
  ],
};

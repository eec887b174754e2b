import { requireNamed } from "../../../cli/commands/open";
import { errorsOf } from "../../support/apps";

const definitions = [
  { file: "apps/hello/app.ts", definition: { name: "hello", workloads: { web: {} } } },
  { file: "apps/shop/app.ts", definition: { name: "shop", workloads: { api: {} } } },
];

test.each(["hello", "shop/api"])("%s is there", (name) => {
  expect(
    errorsOf(() => {
      requireNamed(name, definitions);
    }),
  ).toEqual([]);
});

test.each([
  ["helo", 'no app here is "helo". Did you mean "hello"? Take one of: hello, hello/web, shop, shop/api. [APP_UNKNOWN]'],
  [
    "shop/apj",
    'no app here is "shop/apj". Did you mean "shop/api"? Take one of: hello, hello/web, shop, shop/api. [APP_UNKNOWN]',
  ],
  ["else", 'no app here is "else". Take one of: hello, hello/web, shop, shop/api. [APP_UNKNOWN]'],
])("%s is not there, whether anything runs or not", (name, answer) => {
  expect(
    errorsOf(() => {
      requireNamed(name, definitions);
    }).map(String),
  ).toEqual([answer]);
});

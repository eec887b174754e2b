import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";

/** Leaves alone what schemas say to people, the argument of `.meta(…)`: the reference pages are compared with it by a test of their own. */
const words = {
  shouldIgnore({ listKey, parent }) {
    const isArgument = listKey === "arguments" && parent.type === "CallExpression";
    const called = isArgument && parent.callee.type === "MemberExpression" ? parent.callee.property.name : undefined;
    return called === "meta" ? "what schemas say to people is compared with the reference pages" : undefined;
  },
};

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, "words", words)];

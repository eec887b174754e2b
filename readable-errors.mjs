// Inspecting an error in colour never ends on Node.js before the fix of nodejs/node#64011 if its stack names a file right
// under a scope; source maps lead there from every frame of the Pulumi SDK (node_modules/@pulumi/output.ts). Each error
// thrown inside an Output cost 30 s and 4 GiB. Pulumi.yaml loads this first, so that errors are printed without colour.
import util from "node:util";

util.inspect = new Proxy(util.inspect, {
  apply: (inspect, self, [value, options, ...rest]) =>
    Reflect.apply(inspect, self, [
      value,
      typeof options === "object" && options !== null ? { ...options, colors: false } : options,
      ...rest,
    ]),
});

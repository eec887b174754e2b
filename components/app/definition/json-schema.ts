import { z } from "zod";
import { appSchema } from "./app";

/** The JSON Schema of `app.yaml`, for editors. */
export function appJsonSchema(): object {
  return z.toJSONSchema(appSchema, { io: "input", unrepresentable: "any", reused: "ref" });
}

import path from "node:path";

/** A shell command that is a cloud's provider plugin to the engine. See `stand-in-provider.ts` for what it does not prove. */
export const standIn = `exec ${process.execPath} --import ${require.resolve("tsx")} ${path.join(__dirname, "stand-in-provider.ts")} "$@"`;

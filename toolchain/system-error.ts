/** The code of a failed system call, for example `ENOENT`; undefined for every other error. */
export function systemErrorCode(error: unknown): string | undefined {
  const has = typeof error === "object" && error !== null && "code" in error;
  return has && typeof error.code === "string" ? error.code : undefined;
}

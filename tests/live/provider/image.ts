/** The name by which nodes pull an image that was pushed to the embedded registry. */
export function nodeImage(pushed: string, registry: string): string {
  return pushed.trim().replace(registry, "registry.petrichor.internal");
}

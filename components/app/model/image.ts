/** The image with a digest: the author's own, else what the release has. */
export function pinnedImage(written: string | undefined, released: string | undefined): string | undefined {
  return written?.includes("@sha256:") === true ? written : released;
}

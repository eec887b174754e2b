import type { Engine } from "../../components/platform/engine";

/** An engine that consists of nothing; only what it needs matters. */
export function fakeEngine(id: string, ...needs: Engine[]): Engine {
  return {
    id,
    version: "v1",
    purpose: "is a test",
    needs,
    upstream: [],
    images: {},
    capabilities: {},
    objects: () => [],
  };
}

import { copyImages } from "../../cli/release/registry";
import { createProgress } from "../../cli/progress";

// The program itself is tested with real registries beside its source; here it only ever fails.
jest.mock("../../toolchain/build", () => ({ ensureTools: () => Promise.resolve({ images: "/bin/false" }) }));

const image = { name: "shop/web", digest: `sha256:${"a".repeat(64)}` };
const progress = createProgress({ quiet: true });

test("an image that can't be brought to the target's registry stops the promotion and says what to check", async () => {
  const copying = copyImages([image], { pull: "a.test", push: "a.test" }, { pull: "b.test", push: "b.test" }, progress);
  await expect(copying).rejects.toMatchObject({
    code: "COPY_FAILED",
    fix: expect.stringContaining("nothing was promoted") as string,
  });
});

test("one registry for both needs no copy", async () => {
  const same = { pull: "a.test", push: "a.test" };
  await expect(copyImages([image], same, same, progress)).resolves.toBeUndefined();
});

import { Kubectl } from "../../../cli/kubectl";

/** More than a pipe takes in, so that writing goes on after the reader has ended. */
const large = { text: "x".repeat(4 * 2 ** 20) };

describe("kubectl that ends before it has read its input", () => {
  test("fails with its own words", async () => {
    const kubectl = new Kubectl("sh", ["-c", "echo not today >&2; exit 1"], "test");
    await expect(kubectl.apply(large, "test")).rejects.toThrow("not today");
  });

  test("or does not fail at all", async () => {
    await expect(new Kubectl("sh", ["-c", "exit 0"], "test").apply(large, "test")).resolves.toBeUndefined();
  });
});

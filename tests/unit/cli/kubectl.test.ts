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

describe("kubectl on this terminal", () => {
  const told = (line: string): Kubectl => new Kubectl("sh", ["-c", `echo '${line}' >&2; exit 7`], "test");

  test("a program that the image lacks is named", async () => {
    const line =
      'error: Internal error occurred: OCI runtime exec failed: exec failed: unable to start container process: exec: "sh": executable file not found in $PATH: unknown';
    const failed = told(line).interactive("exec", "web", "--", "sh");
    await expect(failed).rejects.toMatchObject({ code: "PROGRAM_MISSING" });
    await expect(failed).rejects.toThrow('has no program "sh"');
  });

  test("any other end is the program's own", async () => {
    await expect(told("error: it is tired").interactive("exec", "web", "--", "sh")).resolves.toBe(7);
  });
});

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { source as axe } from "axe-core";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { writeReports } from "../../../cli/report/write";
import { sampleReport } from "../../support/sample-report";

// The page in a real browser, as a reviewer opens it: from a file, with no network. Where the machine has no Chromium the tests are
// reported as skipped; pipelines have one.

const places = [process.env.PETRICHOR_CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"];
const chromium = places.find((place) => place !== undefined && existsSync(place));
const screens = [
  { name: "a desktop", width: 1280, height: 900, scheme: "light" },
  { name: "a desktop in the dark", width: 1280, height: 900, scheme: "dark" },
  { name: "a phone", width: 360, height: 740, scheme: "light" },
  { name: "a phone in the dark", width: 360, height: 740, scheme: "dark" },
] as const;

jest.setTimeout(120_000);

(chromium === undefined ? describe.skip : describe)("the HTML report in a browser", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "petrichor-report-"));
  const file = path.join(folder, "review.html");
  let browser: Browser;
  let page: Page;
  let asked: string[];
  let complaints: string[];

  beforeAll(async () => {
    writeReports(file, [sampleReport]);
    browser = await puppeteer.launch({
      executablePath: chromium ?? "",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  beforeEach(async () => {
    page = await browser.newPage();
    asked = [];
    complaints = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
  });
  afterEach(() => page.close());

  async function open({ width, height, scheme }: (typeof screens)[number]): Promise<void> {
    await page.setViewport({ width, height });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.goto(pathToFileURL(file).href);
  }

  test.each(screens)("on $name it stands alone, fits and is accessible", async (screen) => {
    await open(screen);
    expect(asked).toEqual([pathToFileURL(file).href]);
    expect(complaints).toEqual([]);
    const widest = await page.evaluate("document.documentElement.scrollWidth");
    expect(widest).toBe(screen.width);
    await page.evaluate(axe);
    const { violations } = (await page.evaluate("axe.run()")) as {
      violations: { id: string; help: string; nodes: { html: string }[] }[];
    };
    expect(violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ html }) => html) }))).toEqual([]);
  });

  test("shows every workload of the picture in full, and leads the keyboard to what has to be scrolled", async () => {
    await open(screens[0]);
    const boxes = (await page.evaluate(
      `[...document.querySelectorAll("svg .node")].map((node) => { const box = node.getBoundingClientRect(); return box.width * box.height; })`,
    )) as number[];
    expect(boxes).toHaveLength(sampleReport.topology.nodes.length);
    for (const area of boxes) expect(area).toBeGreaterThan(1000);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement !== document.body")).toBe(true);
  });
});

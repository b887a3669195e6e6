// The program, the browser and the checks of the tests here.
import { spawnSync } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const { chromium } = createRequire(import.meta.url)(process.env.DRIVER);
export const program = process.argv[2];
export const folder = process.env.KEEP ?? mkdtempSync(join(tmpdir(), "gensynth-browser-"));
mkdirSync(folder, { recursive: true });

export function gensynth(...parameters) {
  const result = spawnSync(program, parameters, { cwd: folder, encoding: "utf8" });
  if (result.error) throw result.error;
  return { code: result.status, text: result.stdout + result.stderr };
}

/** Runs a search; `ends` are the exit codes that are fine. */
export function search(name, job, ends = [0]) {
  rmSync(join(folder, name), { recursive: true, force: true });
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({ format: "gensynth.job", version: 1, ...job }));
  const result = gensynth("search", `${name}.json`, "--out", name, "--workers", "1");
  if (!ends.includes(result.code)) throw new Error(`search ${name} ended with ${result.code}:\n${result.text}`);
}

let failures = 0;
let checks = 0;
export function check(condition, text) {
  ++checks;
  if (!condition) {
    ++failures;
    console.error(`FAILED: ${text}`);
  }
}
export function equal(actual, expected, text) {
  check(actual === expected, `${text}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
}

const browser = await chromium.launch({ executablePath: process.env.BROWSER, args: ["--no-sandbox"] });

/** Messages of the console that a test provokes. */
export const provoked = [];

/** A page whose errors and requests of the network are failures. `offline`: no network at all. */
export async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, acceptDownloads: true, offline: true, ...options });
  const page = await context.newPage();
  page.on("pageerror", (error) => check(false, `error on ${page.url()}: ${error.message}`));
  page.on("console", (message) => check(message.type() !== "error" || provoked.some((one) => one.test(message.text())), `console of ${page.url()}: ${message.text()}`));
  return page;
}

/** Waits until two frames are drawn after the last change. */
export async function settled(page) {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

export async function finish() {
  await browser.close();
  if (!process.env.KEEP) rmSync(folder, { recursive: true, force: true });
  console.log(`${checks} checks, ${failures} failed`);
  process.exit(failures > 0 ? 1 : 0);
}

// The live page of `gensynth serve` while a search writes.
import { spawn } from "node:child_process";
import { request } from "node:http";
import { join } from "node:path";
import { check, equal, finish, folder, open, program, provoked, search, settled } from "./harness.mjs";

const job = {
  space: { kind: "columnar", px: 32, max_stages: 3 },
  strategy: { kind: "random" },
  objective: { accuracy: "proxy_top1" },
  constraints: [{ constraint: "expression", label: "size", expression: "params < 1e6 and latency_ms < 20" }],
  data: { kind: "drawn", px: 24, classes: 3, images: 60 },
  proxy: { images: 192, rungs: [96, 192], batch: 16, probe_images: 2 },
  budget: { trials: 3, keep: 1 },
  batch: 2,
  seed: 3,
};
search("live", job);

const server = spawn(program, ["serve", "live", "--port", "0"], { cwd: folder });
const url = await new Promise((found, fail) => {
  let text = "";
  for (const stream of [server.stdout, server.stderr]) {
    stream.on("data", (data) => {
      text += data;
      const match = text.match(/http:\/\/\S+/);
      if (match) found(match[0]);
    });
  }
  server.on("exit", (code) => fail(new Error(`serve ended with ${code}: ${text}`)));
});
server.removeAllListeners("exit");
process.on("exit", () => server.kill("SIGKILL"));

const status = (headers, path = "/") =>
  new Promise((found, fail) => request(new URL(path, url), { headers }, (answer) => (answer.resume(), found(answer.statusCode))).on("error", fail).end());
equal(await status({ Host: "attacker.example" }), 403, "another Host is refused");
equal(await status({ Origin: "http://attacker.example" }, "/report.json"), 403, "another Origin is refused");

const page = await open({ offline: false });
await page.goto(url);
await page.waitForSelector("#winner");
check((await page.locator(".live").innerText()).startsWith("live"), "the page says that it is live");
const evaluated = async () => Number((await page.locator("#status").innerText()).match(/([\d ]+) of at most/)[1].replaceAll(" ", ""));
equal(await evaluated(), 3, "evaluated trials");
await page.evaluate(() => (window.stays = true));

const more = spawn(program, ["search", "--out", "live", "--resume", "--trials", "8", "--workers", "1"], { cwd: folder, stdio: "ignore" });
const ended = new Promise((done) => more.on("exit", done));
await page.waitForFunction(() => /([4-8]) of at most/.test(document.querySelector("#status")?.textContent ?? ""), null, { timeout: 120_000 });
check(true, "the page follows the search");
equal(await ended, 0, "the search ends well beside the server");
await page.waitForFunction(() => /8 of at most 8/.test(document.querySelector("#status")?.textContent ?? ""), null, { timeout: 60_000 });
check(await page.evaluate(() => window.stays === true), "the page was not loaded anew");

// A filter survives new data.
await page.goto(`${url}#/trials`);
await page.waitForSelector("#filter");
await page.fill("#filter", "feasible");
await settled(page);
if (process.env.KEEP) await page.screenshot({ path: join(folder, "live.png") });

provoked.push(/ERR_CONNECTION|ERR_INCOMPLETE|ERR_NETWORK/);
server.kill("SIGINT");
equal(await new Promise((done) => server.on("exit", done)), 0, "Ctrl-C ends the server");
await page.waitForSelector(".live.lost", { timeout: 30_000 });
check((await page.locator(".live").innerText()).includes("connection lost"), "the page says that the server is gone");
await page.close();
await finish();

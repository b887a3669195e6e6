// Every view of a report in a browser, from a file, with the network off.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { check, equal, finish, folder, gensynth, open, search, settled } from "./harness.mjs";

const base = {
  space: { kind: "columnar", px: 32, max_stages: 3 },
  strategy: { kind: "random" },
  objective: { accuracy: "top1" },
  constraints: [{ constraint: "expression", label: "size", expression: "params < 1e6 and latency_ms < 20" }],
  proxy: null,
  budget: { trials: 8, proposals: 200 },
  seed: 3,
};
const trained = {
  ...base,
  objective: { accuracy: "proxy_top1" },
  data: { kind: "drawn", px: 24, classes: 3, images: 60 },
  proxy: { images: 192, rungs: [96, 192], batch: 16, probe_images: 2 },
  budget: { trials: 6, keep: 1 },
  batch: 2,
};
search("untrained", base);
search("trained", trained);
search("parents", { ...base, strategy: { kind: "regularized_evolution", population: 4 }, budget: { trials: 24 } });
search("nothing", { ...base, constraints: [{ constraint: "max_params", bound: 1 }], budget: { trials: 4, proposals: 40 } }, [1]);
search("one", { ...base, constraints: [{ constraint: "max_params", bound: 1e9 }], budget: { trials: 1 } });

const names = ["untrained", "trained", "parents", "nothing", "one"];
for (const name of [...names, "all"]) {
  const runs = name === "all" ? names : [name];
  const { code, text } = gensynth("report", ...runs, "--out", `${name}.html`, "--force", "--networks", "12", "--near-misses", "4");
  equal(code, 0, `report of ${name}: ${text}`);
}
const at = (name, route = "") => `file://${join(folder, `${name}.html`)}${route && `#/${route}`}`;
const kViews = ["overview", "front", "progress", "constraints", "decisions", "trials", "network", "latency", "lineage", "job"];

/** Each view draws something and says nothing that only a program says. */
async function everyView(name, options = {}) {
  const page = await open(options);
  for (const view of kViews) {
    await page.goto(at(name, view));
    await settled(page);
    const cards = await page.locator("main .card").count();
    check(cards > 0, `${name}, ${view}: has a card`);
    const text = await page.locator("main").innerText();
    check(!/undefined|NaN|\[object|null/.test(view === "job" ? "" : text), `${name}, ${view}: shows no value of the language: ${text.match(/.{0,40}(undefined|NaN|\[object|null).{0,40}/)?.[0]}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    check(wide <= 0, `${name}, ${view}: the page is ${wide} px wider than the window`);
    if (process.env.KEEP) await page.screenshot({ path: join(folder, `${name}-${view}-${options.viewport?.width ?? 1280}-${options.colorScheme ?? "light"}.png`), fullPage: true });
  }
  await page.close();
}
for (const name of names) await everyView(name);
await everyView("trained", { viewport: { width: 390, height: 844 } });
await everyView("trained", { colorScheme: "dark" });

// The winner, and what is known about its numbers.
{
  const page = await open();
  const data = JSON.parse(await (await page.goto(at("trained")), page.locator("#report-data").textContent()));
  const run = data.runs[0];
  const winner = run.winner.trial;
  const card = await page.locator("#winner").innerText();
  check(card.includes(`Trial ${winner}`), "the winner's card names the trial");
  check(/predicted, [\d.]+ to [\d.]+/.test(card), "a predicted metric has its interval");
  check(card.includes("measured"), "a measured metric says so");
  check((await page.locator("#winner .flag").count()) > 0, "the card says how far the models can be trusted");

  // One selection for all views: a trial picked by a link is the focus everywhere.
  await page.goto(at("trained", `front?trial=${winner}`));
  check((await page.locator(".bar").innerText()).includes(`Trial ${winner}`), "the bar shows the trial of the address");
  await page.keyboard.press("n");
  await page.waitForSelector("#chart-network");
  check((await page.locator("#chart-network h2").innerText()).endsWith(`trial ${winner}`), "the network is that of the picked trial");
  check(page.url().includes(`trial=${winner}`), "the address keeps the trial");
  const network = run.networks.find((n) => n.trial === winner);
  const covered = new Set(network.kernels.vertices.flat());
  check((await page.locator(".kernel").count()) >= network.vertices.id.length - covered.size, "the drawing has the network's operators");
  await page.locator(".kernel").nth(2).click();
  const detail = await page.locator(".detail").innerText();
  check(/Output/.test(detail) && /MACs/.test(detail) && /ms predicted/.test(detail), "a click shows shape, MACs and ms");
  await page.locator(".drawing").focus();
  const before = await page.locator(".detail h3").innerText();
  await page.keyboard.press("ArrowDown");
  check((await page.locator(".detail").innerText()) !== detail || before === "", "arrow keys move between kernels");

  // A difference to another trial.
  const other = run.networks.find((n) => n.trial !== winner).trial;
  await page.selectOption("#chart-difference select", String(other));
  await page.waitForFunction((id) => location.hash.includes(`against=${id}`), other);
  check((await page.locator("#chart-difference tbody tr").count()) > 3, "the difference lists metrics and decisions");

  // Each chart saves what it shows.
  for (const [route, card, format] of [["front", "front", "SVG"], ["front", "front", "CSV"], ["progress", "timeline", "SVG"], ["network", "network", "SVG"], ["constraints", "ledger", "CSV"], ["decisions", "parallel", "SVG"]]) {
    await page.goto(at("trained", route));
    await settled(page);
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator(`#chart-${card} button`, { hasText: format }).first().click()]);
    const text = readFileSync(await download.path(), "utf8");
    check(format === "SVG" ? /^<svg/.test(text) && text.length > 1000 : text.split("\n").length > 2, `${card} saves ${format}`);
  }
  await page.close();
}

// A rule of the ledger selects the candidates that it rejected, in the table too.
{
  const page = await open();
  await page.goto(at("untrained", "constraints"));
  const run = JSON.parse(await page.locator("#report-data").textContent()).runs[0];
  const rule = run.ledger.find((r) => r.rejected > 0);
  check(rule !== undefined, "the untrained run has a rule that rejected something");
  await page.locator(`tr[data-rule="${rule.rule}"] button.plain`).first().click();
  check((await page.locator(".bar").innerText()).startsWith(String(rule.rejected)), `the rule selects ${rule.rejected} candidates`);
  if (run.near_misses.length > 0) check(/instead of/.test(await page.locator("#chart-counterfactuals").innerText()), "near misses name the change");
  await page.locator(".bar a", { hasText: "List" }).click();
  await page.waitForSelector("#chart-trials");
  await page.locator(".chip", { hasText: "selected only" }).click();
  check((await page.locator("#chart-trials").innerText()).includes(`${rule.rejected} trial`), "the table lists the selected trials alone");
  check((await page.locator(".tr.selected").count()) > 0, "selected rows are marked");
  await page.locator(".chip", { hasText: "selected only" }).click();

  // Filters: a comparison, and one that cannot be read.
  await page.fill("#filter", "latency_ms < 1e9 state:scored");
  const scored = run.counts.scored;
  check((await page.locator("#chart-trials").innerText()).includes(`${scored} trial`), `the filter leaves the ${scored} scored trials`);
  await page.fill("#filter", "speed < 3");
  check((await page.locator(".problem").innerText()).includes("no metric speed"), "an unknown metric is an error that names it");
  await page.fill("#filter", "");
  check((await page.locator(".tr").count()) < run.trials.count + 60, "rows exist only while they are in sight");
  await page.locator(".tr").first().click();
  await page.waitForSelector("#trial");
  check(/#\/trial\/\d+/.test(page.url()), "a row is a permalink");
  await page.keyboard.press("Escape");
  check(await page.locator(".bar").isHidden(), "Escape clears the selection");
  await page.close();
}

// A rectangle on the front selects; the keyboard moves; light and dark.
{
  const page = await open();
  await page.goto(at("untrained", "front"));
  await settled(page);
  const box = await page.locator("#chart-front canvas").first().boundingBox();
  await page.mouse.move(box.x + 70, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
  await page.mouse.move(box.x + box.width - 35, box.y + box.height - 75, { steps: 4 });
  await page.mouse.up();
  await page.waitForFunction(() => /selected/.test(document.querySelector(".bar")?.textContent ?? ""), null, { timeout: 5000 }).catch(() => {});
  check(/selected, in the rectangle/.test(await page.locator(".bar").innerText()), "a rectangle on the front selects candidates");
  await page.keyboard.press("w");
  await page.waitForFunction(() => location.hash.includes("trial="));
  await page.keyboard.press("j");
  await page.keyboard.press("?");
  check(await page.locator("dialog").isVisible(), "? opens the help");
  await page.keyboard.press("Escape");
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  const first = await theme();
  await page.keyboard.press("t");
  check((await theme()) !== first, "t changes the theme");
  for (const key of ["1", "2", "3", "4", "5", "6", "7", "8", "9"]) await page.keyboard.press(key);
  await settled(page);
  check((await page.locator("main .card").count()) > 0, "number keys open views");
  await page.close();
}

// Parents, several runs, empty states.
{
  const page = await open();
  await page.goto(at("parents", "lineage"));
  const run = JSON.parse(await page.locator("#report-data").textContent()).runs[0];
  if (run.trials.parents[run.winner.trial - 1].length > 0) check((await page.locator(".node").count()) > 1, "the winner's ancestors are drawn");
  await page.goto(at("all", "compare"));
  await settled(page);
  for (const name of names) check((await page.locator("#chart-compare").innerText()).includes(name), `the comparison has the run ${name}`);
  await page.selectOption("select.runs", "3");
  await page.waitForFunction(() => location.hash.includes("run=3"));
  await page.goto(at("nothing", "overview"));
  check((await page.locator("#winner").innerText()).includes("No winner yet"), "a run without a feasible trial says so");
  await page.goto(at("untrained", "progress"));
  check((await page.locator("#chart-curves").innerText()).includes("trains nothing"), "missing learning curves are explained");
  await page.goto(at("untrained", "trial/99999"));
  check((await page.locator("main").innerText()).includes("no such trial"), "an unknown trial is explained");
  await page.goto(at("untrained", "nowhere"));
  check((await page.locator("main").innerText()).includes("no such view"), "an unknown view is explained");
  await page.close();
}
await finish();

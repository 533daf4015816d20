// Drives a browser for tests: a line of JSON in, a line of JSON out. See driving.py.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const readline = require("node:readline");
const modules = path.resolve(__dirname, "../../page/node_modules");
const puppeteer = require(path.join(modules, "puppeteer-core"));
const AXE = fs.readFileSync(path.join(modules, "axe-core", "axe.min.js"), "utf8");

let browser = null;
let page = null;
let heard = []; // requests, errors

const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-component-update",
  "--disable-domain-reliability", "--no-pings", "--disable-features=OptimizationHints,MediaRouter,Translate",
  "--js-flags=--max-old-space-size=3000"];

// Nothing of its own accord: what the recorder then hears is of the page.
function prefs(downloads, proxy) {
  const off = ["app.update.auto", "app.normandy.enabled", "browser.safebrowsing.malware.enabled",
    "browser.safebrowsing.phishing.enabled", "network.captive-portal-service.enabled",
    "network.connectivity-service.enabled", "datareporting.policy.dataSubmissionEnabled",
    "extensions.update.enabled", "extensions.systemAddon.update.enabled", "browser.region.update.enabled"];
  const found = Object.fromEntries(off.map((name) => [name, false]));
  return { ...found, "browser.download.folderList": 2, "browser.download.dir": downloads,
    "browser.helperApps.neverAsk.saveToDisk": "application/zip,text/html,application/json,text/markdown",
    "browser.download.alwaysOpenPanel": false, "services.settings.server": "data:,#remote-settings-dummy/v1",
    "extensions.getAddons.cache.enabled": false, "security.OCSP.enabled": 0,
    ...(proxy ? { "network.proxy.type": 1, "network.proxy.http": "127.0.0.1", "network.proxy.http_port": proxy,
      "network.proxy.ssl": "127.0.0.1", "network.proxy.ssl_port": proxy, "network.proxy.no_proxies_on": "" } : {}) };
}

const commands = {
  async launch({ name, program, downloads, proxy = 0, args = [], more = {} }) {
    const chrome = name === "chrome";
    browser = await puppeteer.launch({
      browser: name, executablePath: program, headless: true, protocolTimeout: 600_000,
      args: chrome ? [...QUIET, ...(proxy ? [`--proxy-server=127.0.0.1:${proxy}`, "--proxy-bypass-list=<-loopback>"] : []), ...args] : args,
      ...(chrome ? { downloadBehavior: { policy: "allow", downloadPath: downloads } } : { extraPrefsFirefox: { ...prefs(downloads, proxy), ...more } }),
    });
    return browser.version();
  },
  async open({ url, width = 1366, height = 900, before = "" }) {
    if (page) await page.close();
    page = await browser.newPage();
    heard = [];
    page.on("request", (one) => heard.push({ request: one.url() }));
    page.on("pageerror", (fault) => heard.push({ error: String(fault.message || fault) }));
    page.on("console", (one) => { if (one.type() === "error") heard.push({ console: one.text() }); });
    await page.setViewport({ width, height });
    if (before) await page.evaluateOnNewDocument(before);
    await page.goto(url, { timeout: 120_000 });
    return null;
  },
  async eval({ code, args = [] }) {
    return page.evaluate(`(async (...args) => { ${code} })(...${JSON.stringify(args)})`);
  },
  async wait({ code, seconds = 120 }) {
    await page.waitForFunction(`(() => { ${code} })()`, { timeout: seconds * 1000, polling: 100 });
    return null;
  },
  async push({ text }) {
    await page.evaluate((wanted) => {
      const nodes = [...document.querySelectorAll("main button, main summary, main a, #work button, header button")];
      const fits = (one) => one.textContent.trim().startsWith(wanted) && !one.disabled && one.checkVisibility();
      const node = nodes.find(fits);
      if (!node) throw new Error(`no button ${wanted}`);
      node.click();
    }, text);
    return null;
  },
  async done({ seconds }) {
    const over = () => document.getElementById("work").hidden && !!document.querySelector("main .result h3");
    await page.waitForFunction(over, { timeout: seconds * 1000, polling: 50 });
    return page.evaluate(() => [...document.querySelectorAll("main .result h3")].pop().textContent);
  },
  async files({ index, paths }) {
    const inputs = await page.$$("main input[type=file]");
    await inputs[index].uploadFile(...paths);
    return null;
  },
  async click({ selector }) { await page.click(selector); return null; },
  async press({ keys }) { for (const key of keys) await page.keyboard.press(key); return null; },
  async type({ text }) { await page.keyboard.type(text); return null; },
  async size({ width, height }) { await page.setViewport({ width, height }); return null; },
  async shot({ path: target, full = true }) { await page.screenshot({ path: target, fullPage: full }); return null; },
  async axe() {
    await page.evaluate(AXE);
    return page.evaluate(`axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations
      .map(({ id, impact, nodes }) => ({ id, impact, where: nodes.slice(0, 3).map((one) => one.html.slice(0, 200)) })))`);
  },
  async heard() { return heard; },
  async close() { await browser.close(); return null; },
};

readline.createInterface({ input: process.stdin }).on("line", async (line) => {
  const { command, ...asked } = JSON.parse(line);
  let answer;
  try {
    answer = { result: (await commands[command](asked)) ?? null };
  } catch (fault) {
    answer = { fault: String(fault.stack || fault) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}).on("close", async () => {
  if (browser) await browser.close().catch(() => {});
  process.exit(0);
});

// The page itself: parts out of the file, navigation, language.

const SCREENS = {
  maken: ["page.make.title", (about) => makeScreen(about)],
  nakijken: ["page.check.title", () => checkScreen()],
  rapport: ["page.report.title", () => reportScreen()],
  "nieuw-jaar": ["page.next.title", () => nextScreen()],
  veel: ["page.many.title", () => manyScreen()],
  samenvoegen: ["page.merge.title", () => mergeScreen()],
  stand: ["page.collect.title", () => collectScreen()],
};
const OWN = ["maken", "nakijken", "rapport", "nieuw-jaar"];
const ADVISER = ["veel", "samenvoegen", "stand"];
const drawn = new Map(); // screens of a language keep what was typed and made while one looks at another

const nodes = new Map([...document.querySelectorAll("script[id]")].map((node) => [node.id, node]));

function part(id) {
  const text = atob(nodes.get(id).textContent.trim());
  nodes.delete(id); // it stands in the file once, and in memory as bytes
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return new Blob([bytes]);
}

async function parts() {
  const script = part("part-script").stream().pipeThrough(new DecompressionStream("gzip"));
  const code = await new Response(script).blob();
  return {
    script: URL.createObjectURL(new Blob([code], { type: "text/javascript" })),
    wasm: part("part-wasm"),
    site: part("part-site"),
    lock: nodes.get("part-lock").textContent,
  };
}

function links(names) {
  return h("ul", {}, names.map((name) => h("li", {}, h("a", { href: `#${name}`, id: `to-${name}` }, say(SCREENS[name][0])))));
}

function shell() {
  document.documentElement.lang = LANG;
  document.title = say("page.title");
  const switcher = h("button", { type: "button", class: "lang", lang: LANG === "nl" ? "en" : "nl", onclick: () => {
    if (document.body.classList.contains("working")) return;
    LANG = LANG === "nl" ? "en" : "nl";
    shell();
    open();
    document.querySelector(".lang").focus();
  } }, LANG === "nl" ? "English" : "Nederlands");
  const header = h("header", {}, h("div", { class: "wide top" }, h("div", {}, h("h1", {}, say("page.title")),
    h("p", { class: "safe" }, say("page.safe"))), switcher));
  const nav = h("nav", { "aria-label": say("page.nav") }, h("div", { class: "wide" },
    h("div", {}, h("h2", {}, say("page.own")), links(OWN)), h("div", {}, h("h2", {}, say("page.for_advisers")), links(ADVISER))));
  const main = h("main", { id: "main", class: "wide", tabIndex: -1 });
  const norms = ABOUT[LANG].norms.map((one) => one.ask).join(", ");
  const footer = h("footer", {}, h("div", { class: "wide" },
    h("p", {}, say("page.version", { version: ABOUT[LANG].version })), h("p", { class: "small" }, say("page.revisions", { norms })),
    h("p", { class: "small" }, say("page.owner")), h("p", { id: "ready", class: "small", role: "status" }),
    h("details", {}, h("summary", {}, say("page.licences")), LICENCES.map(([name, text]) => h("details", {}, h("summary", {}, name), h("pre", {}, text))))));
  document.body.replaceChildren(h("a", { class: "skip", href: "#main", onclick: (event) => { event.preventDefault(); main.focus(); } }, say("page.skip")),
    header, nav, main, Work.build(), footer);
}

function open() {
  const asked = location.hash.slice(1);
  const name = asked in SCREENS ? asked : "maken";
  const key = `${LANG}/${name}`;
  if (!drawn.has(key)) {
    const [title, draw] = SCREENS[name];
    drawn.set(key, h("section", { "aria-labelledby": `title-${name}` }, h("h2", { id: `title-${name}`, tabIndex: -1 }, say(title)), draw(ABOUT[LANG])));
  }
  document.getElementById("main").replaceChildren(drawn.get(key));
  for (const link of document.querySelectorAll("nav a")) {
    if (link.id === `to-${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function tooOld() {
  const can = typeof WebAssembly === "object" && typeof DecompressionStream === "function" && typeof Worker === "function";
  if (can) return "";
  return typeof WebAssembly === "object" ? "page.too_old" : "page.no_wasm";
}

async function begin() {
  shell();
  const old = tooOld();
  if (old) {
    document.getElementById("main").replaceChildren(notice("bad", h("h2", {}, say(old)), h("p", {}, say("page.too_old_hint"))));
    return;
  }
  open();
  window.addEventListener("hashchange", () => { open(); document.querySelector("main h2").focus(); });
  window.addEventListener("beforeunload", (event) => {
    const screens = [...drawn.values()];
    if ([...unsaved].some((link) => screens.some((screen) => screen.contains(link)))) event.preventDefault();
  });
  engine = new Engine(await parts(), Work.tell);
  await engine.start();
  Work.tell({ step: "ready" });
}

// For tests and measurements.
window.hkz = { ready: begin(), steps: Work.steps, engine: () => engine };
window.hkz.ready.catch((fault) => Work.failed(document.getElementById("main"), fault));

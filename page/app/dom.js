// Small pieces of screen. Text only ever becomes text, never markup.

let LANG = "nl";

function say(key, slots = {}) {
  const text = TEXTS[LANG][key];
  if (text === undefined) throw new Error(`no text: ${key}`);
  // What is counted has its word for one: {count:cell|cells}, with # where the number stands.
  return text.replace(/\{(\w+)(?::([^|{}]*)\|([^{}]*))?\}/g, (whole, name, one, many) => {
    if (!(name in slots)) return whole;
    const value = String(slots[name]);
    if (one === undefined) return value;
    const words = value === "1" ? one : many;
    return words.includes("#") ? words.replace("#", value) : `${value} ${words}`;
  });
}

// h("p", {class: "x", onclick: f}, "text", another)
function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== false));
  return node;
}

let counter = 0;

function unique(word) {
  counter += 1;
  return `${word}-${counter}`;
}

// A field with its label and, where given, a line of help.
function field(key, control, help = "") {
  const id = unique("field");
  control.id = id;
  const note = help ? h("span", { class: "help", id: `${id}-help` }, help) : null;
  if (note) control.setAttribute("aria-describedby", `${id}-help`);
  return h("div", { class: "field" }, h("label", { for: id }, say(key)), note, control);
}

// Boxes to tick. choices: [{code, label}]; the values: node.chosen().
function boxes(legend, choices, { type = "checkbox", help = "" } = {}) {
  const name = unique("boxes");
  const inputs = choices.map(({ code }) => h("input", { type, name, value: code }));
  const rows = choices.map(({ label, note }, i) =>
    h("label", { class: "box" }, inputs[i], h("span", {}, label, note ? h("small", {}, note) : null)));
  const set = h("fieldset", {}, h("legend", {}, legend), help ? h("p", { class: "help" }, help) : null,
    h("div", { class: "boxes" }, rows));
  set.chosen = () => inputs.filter((one) => one.checked).map((one) => one.value);
  set.choose = (values) => inputs.forEach((one) => { one.checked = values.includes(one.value); });
  return set;
}

function megabytes(size) {
  const number = Math.max(size / (1024 * 1024), 0.1);
  return new Intl.NumberFormat(LANG, { maximumFractionDigits: number < 10 ? 1 : 0 }).format(number);
}

const unsaved = new Set(); // results that nobody clicked on yet

// A file to keep: a link that the person clicks, and what to do when nothing came of that: a page
// is not told when a disk is full.
function download(blob, name, text, { main = false } = {}) {
  const size = say("page.size", { size: megabytes(blob.size) });
  const typed = new Blob([blob], { type: TYPES[name.split(".").pop()] || "application/octet-stream" });
  const lost = h("details", { class: "lost", hidden: true }, h("summary", {}, say("page.save_ask")), h("p", {}, say("page.save_failed")));
  const link = h("a", { class: main ? "button main" : "button", href: URL.createObjectURL(typed), download: name, onclick: () => {
    unsaved.delete(link);
    lost.hidden = false;
  } }, text, h("small", {}, ` ${name}, ${size}`));
  if (main) unsaved.add(link);
  return h("div", { class: "keep" }, link, lost);
}

const TYPES = {
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  html: "text/html",
  json: "application/json",
  md: "text/markdown",
  zip: "application/zip",
};

// One problem, as the command line tells it: where, what, what to do, and its code.
// Where the advice speaks of the command line, the page speaks of its own screens and buttons.
function hintOf({ code, hint }) {
  const own = TEXTS[LANG][`page.hint.${code}`];
  if (own) return own;
  return hint.replace(/(^|[.!?] )?`hkz (repair|check|generate)`/g, (whole, begin, name) => {
    const text = say(`page.command.${name}`);
    return begin === undefined ? text : begin + text[0].toUpperCase() + text.slice(1);
  });
}

function problemItem(one) {
  const place = [one.file, one.sheet, one.cell].filter(Boolean).join("  ");
  const row = one.requirement ? ` (${one.requirement})` : "";
  return h("li", { class: `problem ${one.severity}` },
    h("p", { class: "place" }, h("strong", {}, say(`severity.${one.severity}`)), ` ${place}${row}`),
    h("p", {}, one.message), h("p", { class: "hint" }, `${say("severity.hint")} ${hintOf(one)}`),
    h("p", { class: "code" }, one.code));
}

function problemList(problems) {
  return h("ul", { class: "problems" }, problems.map(problemItem));
}

function notice(kind, ...content) {
  return h("div", { class: `notice ${kind}` }, content);
}

// For advisers: many files at once, merging, and who returned what.

const MANY = ".xlsx,.xlsm,.xlsb,.xls,.ods,.zip";

function templateDrop() {
  return drop("page.adviser.template", { multiple: true, accept: ".yaml,.yml,.png,.jpg,.jpeg", help: say("page.adviser.template_help") });
}

function withTemplate(asked, place) {
  const files = inFolder("template", place.files());
  if (files.length) asked.template = "/in/template";
  return files;
}

function manyScreen() {
  const result = h("div", { class: "result" });
  const place = drop("page.many.files", { multiple: true, accept: MANY, help: say("page.many.help") });
  const template = templateDrop();
  const form = h("form", { onsubmit: (event) => {
    event.preventDefault();
    const files = inFolder("files", place.files());
    if (!files.length) return;
    const asked = { path: "/in/files", name: "rapporten.zip" };
    files.push(...withTemplate(asked, template));
    Work.run(result, "many", asked, files, (found) => showMany(result, found), { total: place.files().length });
  } }, place, template, h("button", { type: "submit", class: "main" }, say("page.many.go")));
  return [h("p", {}, say("page.many.intro")), form, result];
}

function table(heads, rows, caption) {
  const cell = (one) => (one instanceof Node ? one : String(one));
  // The roles are those that the tags have; on a telephone a row is a card, and the style that
  // makes it one would take them away. There every cell brings its head.
  const row = (cells) => h("tr", { role: "row" }, cells.map((one, i) => h(i ? "td" : "th",
    { role: i ? "cell" : "rowheader", scope: i ? null : "row", "data-head": heads[i] }, cell(one))));
  return h("div", { class: "scroll", tabIndex: 0, role: "group", "aria-label": caption }, h("table", { role: "table" },
    h("caption", {}, caption),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads.map((head) => h("th", { role: "columnheader", scope: "col" }, head)))),
    h("tbody", { role: "rowgroup" }, rows.map(row))));
}

function showMany(place, found) {
  if (found.refused) { refused(place, found); return; }
  const heads = ["client", "file", "answered", "indication", "core", "problems"].map((key) => say(`page.many.column.${key}`));
  const rows = found.rows.map((row) => [row.client, row.file, `${row.answered} / ${row.count}`, row.indication, row.core, row.problems]);
  const unused = found.unused.length ? [h("h4", {}, say("page.many.unused", { count: found.unused.length })),
    problemList(found.unused.flatMap((one) => one.problems.map((p) => ({ ...p, file: one.file }))))] : [];
  const links = found.files.has("rapporten.zip") ? [download(found.files.get("rapporten.zip"), "rapporten.zip", say("page.many.save"), { main: true })] : [];
  place.replaceChildren(h("h3", {}, found.summary), h("p", { class: "help" }, found.tally), h("div", { class: "actions" }, links),
    ...unused, rows.length ? table(heads, rows, say("page.many.table")) : "");
}

function mergeScreen() {
  const result = h("div", { class: "result" });
  const place = drop("page.merge.files", { multiple: true, help: say("page.merge.help") });
  const rules = boxes(say("page.merge.rule"), ["lowest", "latest", "first"].map((code) => ({ code, label: say(`page.merge.rules.${code}`) })), { type: "radio" });
  rules.choose(["lowest"]);
  const name = "samen.xlsx";
  const form = h("form", { onsubmit: (event) => {
    event.preventDefault();
    const files = inFolder("files", place.files());
    if (files.length < 2) {
      result.replaceChildren(notice("bad", h("h3", {}, say("page.merge.two"))));
      Work.show(result);
      return;
    }
    const asked = { paths: files.map((one) => `/in/${one.name}`), rule: rules.chosen()[0], name };
    Work.run(result, "merge", asked, files, (made) => {
      if (made.refused || !made.files.has(name)) { refused(result, made); return; }
      result.replaceChildren(notice("good", h("h3", {}, say("page.merge.done")), download(made.files.get(name), name, say("page.save_workbook"), { main: true }),
        h("p", {}, say("page.merge.done_hint"))), made.problems.length ? problemList(made.problems) : "");
    }, { total: files.length });
  } }, place, rules, h("button", { type: "submit", class: "main" }, say("page.merge.go")));
  return [h("p", {}, say("page.merge.intro")), form, result];
}

function collectScreen() {
  const result = h("div", { class: "result" });
  const place = drop("page.collect.files", { multiple: true, accept: MANY, help: say("page.many.help") });
  const manifest = drop("page.collect.manifest", { accept: ".csv,.json,.xlsx", help: say("page.collect.manifest_help") });
  const form = h("form", { onsubmit: (event) => {
    event.preventDefault();
    const [files, list] = [inFolder("files", place.files()), inFolder("manifest", manifest.files())];
    if (!files.length || !list.length) {
      result.replaceChildren(notice("bad", h("h3", {}, say("page.collect.both"))));
      Work.show(result);
      return;
    }
    const asked = { path: "/in/files", manifest: `/in/${list[0].name}`, name: "stand.xlsx" };
    Work.run(result, "collect", asked, [...files, ...list], (found) => showCollected(result, found), { total: files.length });
  } }, place, manifest, h("button", { type: "submit", class: "main" }, say("page.collect.go")));
  return [h("p", {}, say("page.collect.intro")), form, result];
}

function showCollected(place, found) {
  if (found.refused || !found.files.has("stand.xlsx")) { refused(place, found); return; }
  const [heads, ...rows] = found.rows;
  const unknown = found.unknown.length ? [h("h4", {}, say("collect.unknown")),
    h("ul", {}, found.unknown.map(([file, why]) => h("li", {}, h("strong", {}, file), ` ${why}`)))] : [];
  const keep = download(found.files.get("stand.xlsx"), "stand.xlsx", say("page.collect.save"), { main: true });
  place.replaceChildren(h("h3", {}, found.note), h("p", { class: "help" }, found.tally), h("div", { class: "actions" }, keep),
    ...unknown, found.problems.length ? problemList(found.problems) : "", table(heads, rows, say("page.collect.table")));
}

// "Kijk mijn werkboek na", "Mijn rapport" and "Nieuw jaar": one organisation, one file.

function fileScreen(intro, key, button, act, more = []) {
  const result = h("div", { class: "result" });
  const submit = h("button", { type: "submit", class: "main", disabled: true }, say(button));
  const place = drop(key, { help: say("page.files.help"), onchange: (files) => { submit.disabled = !files.length; result.replaceChildren(); } });
  const form = h("form", { onsubmit: (event) => {
    event.preventDefault();
    if (place.files().length) act(place.files()[0], result);
  } }, place, more, submit);
  return [h("p", {}, say(intro)), form, result];
}

function checkScreen() {
  return fileScreen("page.check.intro", "page.check.file", "page.check.go", (one, result) => {
    const files = inFolder("file", [one]);
    const asked = { paths: [`/in/${files[0].name}`], name: "lijst.xlsx" };
    Work.run(result, "check", asked, files, (found) => showChecked(result, found, one));
  });
}

function showChecked(place, found, one) {
  if (found.refused) { refused(place, found); return; }
  const [file] = found.checked.files;
  const wrong = file.problems.filter((p) => p.severity !== "info");
  const counts = { errors: found.checked.counts.error, warnings: found.checked.counts.warning, answers: file.answers || 0 };
  const verdict = !file.usable ? "unusable" : counts.errors ? "errors" : counts.warnings ? "warnings" : "fine";
  const head = notice(verdict === "fine" ? "good" : verdict === "warnings" ? "" : "bad",
    h("h3", {}, say(`page.check.${verdict}`, counts)), h("p", {}, say(`page.check.${verdict}_hint`, counts)));
  const groups = ["use", "changed", "sense"].map((family) => {
    const some = file.problems.filter((p) => p.family === family);
    return some.length ? h("details", { open: some.length < 30 }, h("summary", {}, `${say(`check.family.${family}`)} (${some.length})`), problemList(some.map((p) => ({ ...p, file: null })))) : null;
  });
  const actions = h("div", { class: "actions" });
  if (file.usable) actions.append(repairButton(one, place));
  if (wrong.length) actions.append(download(found.files.get("lijst.xlsx"), `${stem(one.path)}-lijst.xlsx`, say("page.check.list")));
  place.replaceChildren(head, actions, ...groups.filter(Boolean));
}

function repairButton(one, place) {
  const repaired = h("div", { class: "result" });
  const name = `${stem(one.path)}-hersteld.xlsx`;
  const files = inFolder("file", [one]);
  const go = () => Work.run(repaired, "repair", { path: `/in/${files[0].name}`, name }, files, (made) => {
    if (made.refused || !made.files.has(name)) { refused(repaired, made); return; }
    repaired.replaceChildren(notice("good", h("h3", {}, say("page.check.repaired")), download(made.files.get(name), name, say("page.save_workbook"), { main: true }),
      h("p", {}, say("page.check.repaired_hint"))));
  });
  return h("div", {}, h("button", { type: "button", onclick: go }, say("page.check.repair")), repaired);
}

function reportScreen() {
  const earlier = drop("page.report.previous", { help: say("page.report.previous_help") });
  return fileScreen("page.report.intro", "page.report.file", "page.report.go", (one, result) => {
    const files = inFolder("file", [one]);
    const before = inFolder("previous", earlier.files());
    const asked = { path: `/in/${files[0].name}`, name: "rapport", formats: [".html"] };
    if (before.length) asked.previous = `/in/${before[0].name}`;
    Work.run(result, "report", asked, [...files, ...before], (found) => showReport(result, found, asked, [...files, ...before], one));
  }, [earlier]);
}

function showReport(place, found, asked, files, one) {
  const page = found.files.get("rapport.html");
  if (found.refused || !page) {
    const same = { ...asked, "same-client": true };
    refused(place, found, () => Work.run(place, "report", same, files, (again) => showReport(place, again, same, files, one)));
    return;
  }
  const name = `${stem(one.path)}-rapport`;
  const frame = h("iframe", { sandbox: "allow-same-origin allow-modals", title: say("page.report.frame"), class: "report" });
  const ready = Promise.resolve(page.text()).then((text) => { frame.srcdoc = text; });
  const print = h("button", { type: "button", onclick: () => ready.then(() => frame.contentWindow.print()) }, say("page.report.print"));
  const links = h("div", { class: "actions" }, download(page, `${name}.html`, say("page.report.save"), { main: true }), print);
  const told = found.problems.length ? h("details", {}, h("summary", {}, say("page.report.told", { count: found.problems.length })), problemList(found.problems)) : null;
  place.replaceChildren(h("h3", {}, say("page.report.title")), links, ...(told ? [told] : []), frame);
  // The other formats follow while the person reads.
  const more = { ...asked, formats: [".xlsx", ".json", ".md"] };
  const follows = h("p", { class: "help", role: "status" }, say("page.report.more"));
  links.after(follows);
  const others = (kept, base) => [".xlsx", ".json", ".md"].filter((suffix) => kept.files.has(`${asked.name}${suffix}`))
    .forEach((suffix) => links.append(download(kept.files.get(`${asked.name}${suffix}`), `${base}${suffix}`, say(`page.format${suffix}`))));
  Work.run(place, "report", more, files, (kept) => {
    others(kept, name);
    if (!asked.previous) return null;
    return Work.run(place, "compare", { ...asked, formats: [".html"] }, files, (both) => {
      const path = both.files.get(`${asked.name}.html`);
      if (path) links.append(download(path, `${stem(one.path)}-vergelijking.html`, say("page.report.comparison")));
    }, { quiet: true });
  }, { quiet: true }).finally(() => follows.remove());
}

function nextScreen() {
  const date = h("input", { type: "date", min: "2000-01-01", max: "2099-12-31" });
  return fileScreen("page.next.intro", "page.next.file", "page.next.go", (one, result) => {
    const files = inFolder("file", [one]);
    const name = `${stem(one.path)}-nieuw.xlsx`;
    Work.run(result, "next", { path: `/in/${files[0].name}`, name, date: date.value }, files, (made) => {
      if (made.refused || !made.files.has(name)) { refused(result, made); return; }
      const told = made.problems.length ? h("details", {}, h("summary", {}, say("page.next.told", { count: made.problems.length })), problemList(made.problems)) : "";
      result.replaceChildren(notice("good", h("h3", {}, say("page.next.done")), download(made.files.get(name), name, say("page.save_workbook"), { main: true }),
        h("p", {}, say("page.next.done_hint"))), told);
    });
  }, [field("page.next.date", date, say("page.next.date_help"))]);
}

// "Maak een werkboek": the three questions of `hkz norms choose`, then funding, activities and name.

function askedNorms(list) {
  return list.map(({ id, name }) => ({ code: id, label: name, note: ` ${id}` }));
}

function makeScreen(about) {
  const fte = h("input", { type: "text", inputmode: "decimal", autocomplete: "off", size: "6" });
  const work = boxes(say("page.make.work"), about.work.map((code) => ({ code, label: say(`page.kind.${code}`) })));
  const purposes = boxes(say("page.make.purpose"), about.purposes.map((code) => ({ code, label: say(`page.purpose.${code}`) })));
  const alone = boxes(say("page.make.alone"), [{ code: "alone", label: say("page.make.alone_yes") }]);
  const advice = h("div", { class: "result" });
  const details = h("div", { class: "result" });
  const known = boxes(say("page.make.known"), askedNorms(about.norms), { type: "radio" });

  const named = (part) => about.norms.filter((one) => one.id === part).map(({ id, name }) => (/^\d/.test(id) ? `HKZ ${id} ${name}` : `HKZ ${name}`))[0] || part;
  const scopeOf = (parts) => Work.run(details, "scope", { parts }, [], (found) => scopeForm(details, parts, found, parts.map(named).join(" + ")));

  const ask = h("form", { onsubmit: (event) => {
    event.preventDefault();
    details.replaceChildren();
    const typed = fte.value.trim().replace(",", ".");
    const number = typed === "" ? null : Number(typed);
    if (number !== null && !(number >= 0 && number <= 1000000)) {
      advice.replaceChildren(notice("bad", h("h3", {}, say("page.make.no_number"))));
      Work.show(advice);
      return;
    }
    const asked = { fte: number, work: work.chosen(), purposes: purposes.chosen(), alone: alone.chosen().length > 0 };
    if (!asked.work.length) asked.work = ["anders"];
    Work.run(advice, "choose", asked, [], (found) => showAdvice(advice, found, scopeOf));
  } },
  field("page.make.fte", fte, say("page.make.fte_help")), alone, work, purposes,
  h("button", { type: "submit", class: "main" }, say("page.make.ask")));

  const direct = h("details", { class: "direct" }, h("summary", {}, say("page.make.direct")), h("form", { onsubmit: (event) => {
    event.preventDefault();
    if (!known.chosen().length) return;
    advice.replaceChildren();
    scopeOf(known.chosen());
  } }, known, h("button", { type: "submit", class: "main" }, say("page.make.choose"))));

  // Who knows the norm needs no questions between that and what follows.
  direct.addEventListener("toggle", () => { ask.hidden = direct.open; advice.hidden = direct.open; });
  return [h("p", {}, say("page.make.intro")), direct, ask, advice, details];
}

function showAdvice(place, { advice }, chosen) {
  const cards = advice.map((one) => h("li", { class: "card" },
    h("h4", {}, [one.number, one.name].filter(Boolean).join("  ")),
    h("ul", {}, one.reasons.map((reason) => h("li", {}, reason)), h("li", {}, `${say("cli.norms.accreditation")}: ${one.accreditation}`)),
    one.generate.length
      ? h("button", { type: "button", onclick: () => chosen(one.generate) }, say("page.make.choose_this", { norm: one.number || one.name }))
      : h("p", { class: "help" }, say("page.make.none"))));
  place.replaceChildren(h("h3", {}, say("choose.heading")), h("ol", { class: "cards" }, cards));
}

function scopeForm(place, parts, found, named) {
  const funding = found.funding.length ? boxes(say("page.make.funding"), found.funding) : null;
  const activities = found.activities.length ? boxes(say("page.make.activities"), found.activities) : null;
  const text = (extra = {}) => h("input", { type: "text", autocomplete: "off", ...extra });
  const [organisation, location, kvk] = [text({ maxLength: 200 }), text({ maxLength: 200 }), text({ inputmode: "numeric", size: "12" })];
  const date = h("input", { type: "date", min: "2000-01-01", max: "2099-12-31" });
  const language = boxes(say("page.make.language"), [{ code: "nl", label: "Nederlands" }, { code: "en", label: "English" }], { type: "radio" });
  language.choose([LANG]);
  const template = templateDrop();
  const result = h("div", { class: "result" });
  const form = h("form", { onsubmit: (event) => {
    event.preventDefault();
    const scope = [["funding", funding], ["activities", activities]]
      .filter(([, set]) => set && set.chosen().length)
      .map(([key, set]) => `${key}=${set.chosen().join(",")}`);
    const name = `hkz-${parts.join("-")}.xlsx`;
    const asked = { parts, scope, name, organisation: organisation.value.trim(), location: location.value.trim(),
      kvk: kvk.value.trim(), date: date.value, lang: language.chosen()[0] || LANG };
    const files = withTemplate(asked, template);
    Work.run(result, "make", asked, files, (made) => showMade(result, made, name));
  } },
  h("h3", {}, say("page.make.details", { norm: named })), h("p", { class: "help" }, say("page.make.details_help")),
  funding, activities, field("page.make.organisation", organisation), field("page.make.location", location, say("page.make.location_help")),
  field("page.make.kvk", kvk), field("page.make.date", date, say("page.make.date_help")), language,
  h("details", {}, h("summary", {}, say("page.adviser.template")), template),
  h("button", { type: "submit", class: "main" }, say("page.make.make")));
  place.replaceChildren(form, result);
}

function showMade(place, made, name) {
  if (made.refused || !made.files.has(name)) { refused(place, made); return; }
  place.replaceChildren(notice("good", h("h3", {}, say("page.make.done")), download(made.files.get(name), name, say("page.save_workbook"), { main: true }),
    h("p", {}, say("page.make.next"))), made.problems.length ? problemList(made.problems) : "");
}

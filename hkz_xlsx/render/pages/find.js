(() => {
  "use strict";
  const box = document.getElementById("find");
  const cards = [...document.querySelectorAll("#gaps .card")];
  const rows = [...document.querySelectorAll("#gaps tbody tr, #actions tbody tr, #register tbody tr")];
  if (!box || cards.length + rows.length === 0) return;
  const words = box.dataset;
  const make = (tag, parent, text) => {
    const found = document.createElement(tag);
    if (text) found.textContent = text;
    parent.append(found);
    return found;
  };
  const labelled = (tag, text) => {
    const label = make("label", box, text);
    return make(tag, label);
  };
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const search = labelled("input", words.search);
  search.type = "search";
  const kind = labelled("select", words.kind);
  make("option", kind, words.all).value = "";
  for (const name of new Set(cards.map((card) => card.dataset.kind))) make("option", kind, name).value = name;
  const core = labelled("input", words.core);
  core.type = "checkbox";
  const count = make("output", box);
  const texts = new Map([...cards, ...rows].map((item) => [item, plain(item.textContent)]));
  const opened = new Set();
  const show = () => {
    const asked = plain(search.value.trim()).split(/\s+/).filter(Boolean);
    const holds = (item) => asked.every((word) => texts.get(item).includes(word));
    const chosen = kind.value !== "" || core.checked;
    let shown = 0;
    for (const card of cards) {
      const fits = (!kind.value || card.dataset.kind === kind.value) && (!core.checked || card.dataset.core === "1");
      card.hidden = !(fits && holds(card));
      shown += card.hidden ? 0 : 1;
    }
    for (const row of rows) row.hidden = !holds(row) || (chosen && row.closest("#gaps") !== null);
    for (const part of document.querySelectorAll("#gaps details, #register details")) {
      const some = [...part.querySelectorAll(".card, tbody tr")].some((item) => !item.hidden);
      if ((asked.length || chosen) && some && !part.open) { part.open = true; opened.add(part); }
    }
    if (!asked.length && !chosen) { for (const part of opened) part.open = false; opened.clear(); }
    count.textContent = words.count.replace("{shown}", shown).replace("{all}", cards.length);
  };
  for (const field of [search, kind, core]) field.addEventListener("input", show);
  box.hidden = false;
  show();
})();

// What goes on, above the screen: progress, the stop button, and what went wrong.

let engine = null;

const Work = {
  region: null,
  busy: false,
  stopped: false,
  turn: Promise.resolve(),

  build() {
    this.text = h("p", { id: "work-text", role: "status" });
    const stop = h("button", { type: "button", class: "stop", onclick: () => { this.stopped = true; engine.stop(); } }, say("page.stop"));
    this.bar = h("progress", { "aria-labelledby": "work-text" });
    this.region = h("div", { id: "work", hidden: true }, this.text, this.bar, stop);
    return this.region;
  },

  steps: [], // when what began, in milliseconds since the page was opened

  tell({ step, file, count }) {
    Work.steps.push([step || file, Math.round(performance.now())]);
    if (!Work.region) return;
    if (file) {
      const key = Work.total > 1 ? "page.work.file_of" : count ? "page.work.file_number" : "page.work.file";
      Work.text.textContent = say(key, { file, number: count + 1, total: Work.total });
      if (Work.total > 1) { Work.bar.max = Work.total; Work.bar.value = count; }
      return;
    }
    Work.text.textContent = say(`page.work.${step}`);
    document.getElementById("ready").textContent = step === "ready" ? say("page.work.ready") : "";
  },

  // Runs an action; shows its result with draw(found) in `place`, or says what went wrong.
  async run(place, action, asked, files, draw, { total = 1, quiet = false } = {}) {
    if (!quiet) {
      if (this.busy) return;
      this.busy = true;
      this.stopped = false;
      this.total = total;
      place.replaceChildren();
      this.bar.removeAttribute("value");
      this.region.hidden = false;
      this.text.textContent = say("page.work.start");
      document.body.classList.add("working");
    }
    try {
      await draw(await this.answer(action, { lang: LANG, ...asked }, files, quiet));
      if (!quiet) this.show(place);
    } catch (fault) {
      if (!quiet) this.failed(place, fault);
    } finally {
      if (!quiet) {
        this.busy = false;
        this.region.hidden = true;
        document.body.classList.remove("working");
      }
    }
  },

  // One after the other: the worker does one thing at a time, and some follow a result by themselves.
  async answer(action, asked, files, quiet) {
    const before = this.turn;
    let over;
    this.turn = new Promise((resolve) => { over = resolve; });
    await before;
    try {
      await readable(files);
      if (!quiet && this.stopped) throw new Stopped();
      return await engine.run(action, asked, files);
    } finally {
      over();
    }
  },

  show(place) {
    const title = place.querySelector("h3");
    if (!title) return;
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
    place.scrollIntoView({ block: "nearest", behavior: "instant" });
  },

  failed(place, fault) {
    if (fault instanceof Gone) {
      place.replaceChildren(notice("bad", h("h3", {}, say("page.refused")), h("p", {}, say("page.files.gone", { file: fault.message }))));
    } else if (fault instanceof Stopped) {
      place.replaceChildren(notice("", h("h3", {}, say("page.stopped")), h("p", {}, say("page.stopped_hint"))));
    } else {
      const detail = h("details", {}, h("summary", {}, say("page.broken_detail")), h("pre", {}, String(fault.message || fault)));
      const key = fault.starting ? "page.broken_start" : "page.broken";
      place.replaceChildren(notice("bad", h("h3", {}, say(key)), h("p", {}, say(`${key}_hint`)), detail));
    }
    this.show(place);
  },
};

// A refused call: its problems in words. again: does it once more for what is one client after all.
function refused(place, found, again = null) {
  const button = again && found.problems.some((one) => /^OWNER_.*_DIFFERS$/.test(one.code))
    ? h("button", { type: "button", onclick: again }, say("page.same_client")) : null;
  place.replaceChildren(notice("bad", h("h3", {}, say("page.refused")), problemList(found.problems), button));
}

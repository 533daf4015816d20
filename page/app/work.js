// What goes on, above the screen: progress, the stop button, and what went wrong.

let engine = null;

const Work = {
  region: null,
  stop: null,

  build() {
    this.text = h("p", { id: "work-text", role: "status" });
    this.stop = h("button", { type: "button", class: "stop", onclick: () => engine.stop() }, say("page.stop"));
    this.bar = h("progress", { "aria-labelledby": "work-text" });
    this.region = h("div", { id: "work", hidden: true }, this.text, this.bar, this.stop);
    return this.region;
  },

  tell({ step, file, count }) {
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
    if (engine.current) {
      if (!engine.current.quiet) return;
      await engine.current.promise.catch(() => {});
    }
    this.total = total;
    if (!quiet) {
      place.replaceChildren();
      this.bar.removeAttribute("value");
      this.region.hidden = false;
      this.text.textContent = say("page.work.start");
      document.body.classList.add("working");
    }
    try {
      await readable(files);
      const asking = engine.run(action, { lang: LANG, ...asked }, files);
      engine.current.quiet = quiet;
      const found = await asking;
      draw(found);
      if (!quiet) this.show(place);
    } catch (fault) {
      if (!quiet) this.failed(place, fault);
    } finally {
      if (!quiet) {
        this.region.hidden = true;
        document.body.classList.remove("working");
      }
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

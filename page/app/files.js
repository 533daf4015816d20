// Files that a person hands in: chosen or dropped, within limits, each under a name of its own.

const MOST_BYTES = 50 * 1024 * 1024;
const MOST_ARCHIVE = 512 * 1024 * 1024;
const MOST_FILES = 200;

class Gone extends Error {}

// Files are read when they are needed: one may be moved, changed or locked since it was chosen.
async function readable(files) {
  for (const { name, data } of files) {
    await data.slice(0, 1).arrayBuffer().catch(() => { throw new Gone(name.split("/").slice(1).join("/")); });
  }
}

// Why these files cannot be taken, as sentences; none when they can.
function refusals(files) {
  const found = [];
  if (files.length > MOST_FILES) found.push(say("page.files.too_many", { count: files.length, most: MOST_FILES }));
  const seen = new Set();
  for (const { path, file } of files) {
    const zip = /\.zip$/i.test(path);
    if (file.size > (zip ? MOST_ARCHIVE : MOST_BYTES)) {
      found.push(say("page.files.too_big", { file: path, size: megabytes(file.size), most: zip ? 512 : 50 }));
    }
    if (seen.has(path)) found.push(say("page.files.same_name", { file: path }));
    seen.add(path);
  }
  return found;
}

async function inEntry(entry, path) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [{ path: `${path}${file.name}`, file }];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return found;
    for (const one of some) found.push(...(await inEntry(one, `${path}${entry.name}/`)));
  }
}

// Dropped folders are looked into, as on the command line.
async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry());
  if (!entries.some((one) => one && one.isDirectory)) {
    return [...transfer.files].map((file) => ({ path: file.name, file }));
  }
  const found = [];
  for (const entry of entries.filter(Boolean)) found.push(...(await inEntry(entry, "")));
  return found;
}

// A place for files. node.files() gives [{path, file}]; onchange is called when they changed.
function drop(key, { multiple = false, accept = ".xlsx,.xlsm,.xlsb,.xls,.ods", help = "", onchange = () => {} } = {}) {
  let files = [];
  const input = h("input", { type: "file", multiple, accept });
  const list = h("p", { class: "chosen", "aria-live": "polite" });
  const wrong = h("div", { role: "alert" });
  const set = (found) => {
    const said = multiple || found.length < 2 ? refusals(found) : [say("page.files.one")];
    wrong.replaceChildren(...said.map((text) => notice("bad", text)));
    files = said.length ? [] : found;
    list.textContent = files.length > 3 ? say("page.files.count", { count: files.length })
      : files.map((one) => one.path).join(", ");
    onchange(files);
  };
  input.addEventListener("change", () => {
    set([...input.files].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
  });
  // In the words of the page; whoever has no mouse is at the field itself, which lies under it.
  const pick = h("span", { class: "button", "aria-hidden": "true", onclick: () => input.click() },
    say(multiple ? "page.files.choose_more" : "page.files.choose"));
  const area = h("div", { class: "drop" }, field(key, input, help), list, wrong);
  input.after(pick);
  const over = (on) => (event) => { event.preventDefault(); area.classList.toggle("over", on); };
  area.addEventListener("dragover", over(true));
  area.addEventListener("dragleave", over(false));
  area.addEventListener("drop", async (event) => {
    over(false)(event);
    set(await dropped(event.dataTransfer).catch(() => []));
  });
  area.files = () => files;
  area.setFiles = set; // [{path, file}]: what a test hands in as if it were dropped
  return area;
}

// As the worker takes them: in a folder of /in.
function inFolder(folder, files) {
  return files.map(({ path, file }) => ({ name: `${folder}/${path}`, data: file }));
}

function stem(path) {
  return path.split("/").pop().replace(/\.[^.]*$/, "");
}

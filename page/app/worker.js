// Runs Python, in a worker that the page can end. Pyodide's two scripts stand at the line of dashes.
//
// In:  {kind: "load", wasm, site, lock}    parts, packed
//      {kind: "call", action, asked, files, known}
// Out: {kind: "step", name}  {kind: "ready"}  {kind: "begins" | "ends", call, file, body}
//      {kind: "done", answer, files, memory}  {kind: "broken", detail}
const HERE = "file:///page/";
self.importScripts = undefined; // Pyodide refuses workers that are no modules, and knows them by this
// ---
const TYPES = { "pyodide.asm.wasm": "application/wasm", "python_stdlib.zip": "application/zip" };
const given = new Map();
let python = null;
let caller = null;

function unpacked(blob) {
  return blob.stream().pipeThrough(new DecompressionStream("gzip"));
}

// There is no network here: what Pyodide asks for is in the page, anything else is nowhere.
self.fetch = async (address) => {
  const name = String(address).split("/").pop();
  if (!given.has(name)) throw new TypeError(`not in the page: ${name}`);
  return new Response(given.get(name), { headers: { "content-type": TYPES[name] } });
};

// A line of JSON with names and sizes, then the files one after the other.
function* filesOf(buffer) {
  const bytes = new Uint8Array(buffer);
  let at = bytes.indexOf(10) + 1;
  for (const [name, size] of JSON.parse(new TextDecoder().decode(bytes.subarray(0, at)))) {
    yield [name, bytes.subarray(at, at + size)];
    at += size;
  }
}

function write(FS, folder, name, data) {
  const path = `${folder}/${name}`;
  FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
  FS.writeFile(path, data);
}

async function load({ wasm, site, lock }) {
  postMessage({ kind: "step", name: "unpack" });
  given.set("pyodide.asm.wasm", unpacked(wasm));
  const files = [...filesOf(await new Response(unpacked(site)).arrayBuffer())];
  const [, stdlib] = files.shift();
  given.set("python_stdlib.zip", stdlib);
  postMessage({ kind: "step", name: "start" });
  python = await loadPyodide({
    indexURL: HERE,
    stdLibURL: `${HERE}python_stdlib.zip`,
    lockFileContents: lock,
    createPyodideModule: _createPyodideModule,
    fsInit: async (FS, { sitePackages }) => {
      for (const [name, data] of files) write(FS, sitePackages, name, data);
    },
    stdout: () => {},
    stderr: () => {},
  });
  given.clear();
  postMessage({ kind: "step", name: "read" });
  python.runPython(`
import sys
sys.dont_write_bytecode = True
from importlib import resources
from hkz_xlsx.page import prepared
prepared.use((resources.files("hkz_xlsx.page") / "prepared.json").read_text("utf-8"))
`);
  caller = python.pyimport("hkz_xlsx.page.call");
  postMessage({ kind: "ready" });
  ahead([...python.runPython("from hkz_xlsx.page import warm; warm.AHEAD").toJs()]);
}

// What most screens need, while the person still looks for a file; a question goes before the rest.
function ahead(names) {
  const name = names.shift();
  if (!name) return;
  setTimeout(() => {
    python.pyimport("hkz_xlsx.page.warm").ahead(name);
    ahead(names);
  });
}

function result(answer) {
  const files = JSON.parse(answer).files.map((name) => {
    const data = python.FS.readFile(`/out/${name}`);
    return { name, data };
  });
  const memory = python._module.HEAPU8.length;
  postMessage({ kind: "done", answer, files, memory }, files.map((one) => one.data.buffer));
}

function call({ action, asked, files, known }) {
  const { FS } = python;
  FS.mkdirTree("/in");
  FS.mount(FS.filesystems.WORKERFS, { blobs: files }, "/in");
  for (const { name, data } of files) {
    if (data.lastModified) FS.utime(`/in/${name}`, data.lastModified, data.lastModified);
  }
  const begins = (name, file) => postMessage({ kind: "begins", call: name, file });
  const ends = (name, body) => {
    const bytes = body.toJs();
    body.destroy();
    postMessage({ kind: "ends", call: name, body: bytes }, [bytes.buffer]);
  };
  const told = caller.Told(python.toPy(known), begins, ends);
  try {
    result(caller.call(action, asked, "/out", told));
  } finally {
    told.destroy();
    FS.unmount("/in");
  }
}

self.onmessage = async ({ data }) => {
  try {
    if (data.kind === "load") await load(data);
    else call(data);
  } catch (fault) {
    postMessage({ kind: "broken", detail: String(fault && fault.message || fault).slice(-4000) });
  }
};

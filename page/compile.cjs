// Compiles the Python of the page with the page's own Python, after using it: node compile.cjs TREE PYODIDE
"use strict";
const path = require("node:path");
const [tree, parts] = process.argv.slice(2).map((one) => path.resolve(one));
const { loadPyodide } = require(path.join(parts, "pyodide.js"));

const PROGRAM = `
import json, os, py_compile, sys

sys.dont_write_bytecode = True
sys.path.insert(0, "/tree/site")
from hkz_xlsx.page import prepared

with open("/tree/site/hkz_xlsx/page/prepared.json", encoding="utf-8") as file:
    prepared.use(file.read())
from hkz_xlsx.page import warm

warm.up("/tmp/warm")

ZIP = "python314.zip/"
origins = {getattr(module, "__file__", None) or "" for module in sys.modules.values()}
files = sorted(f"/tree/stdlib/{one.partition(ZIP)[2]}" for one in origins if ZIP in one)
left_out = [file for file in files if not os.path.exists(file)]
assert not left_out, f"the page uses what page/site.py leaves out: {left_out}"
for folder, _, names in sorted(os.walk("/tree/site")):
    files += [f"{folder}/{name}" for name in sorted(names) if name.endswith(".py")]
for file in files:
    shown = file.removeprefix("/tree/stdlib/").removeprefix("/tree/site/")
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    # Without docstrings, which nobody reads there.
    py_compile.compile(file, file + "c", shown, True, 2, mode)
len(files)
`;

(async () => {
  const python = await loadPyodide({ indexURL: parts, env: { PYTHONHASHSEED: "0" } });
  python.FS.mkdirTree("/tree");
  python.mountNodeFS("/tree", tree);
  const count = python.runPython(PROGRAM);
  console.log(`${count} modules compiled`);
})().catch((fault) => {
  console.error(fault);
  process.exit(1);
});

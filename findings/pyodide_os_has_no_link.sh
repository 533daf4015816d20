#!/usr/bin/env bash
# Python in a browser (Pyodide) has no os.link at all: not a call that fails with ENOSYS or EPERM, as
# on a disk without hard links, but an attribute that is not there. os.symlink, os.replace and
# os.unlink are. Code that makes a file without ever replacing another one (link the finished file
# to its name, take away the first name) and is ready for OSError ends in an AttributeError there.
#
# Version: pyodide 314.0.7 (npm), Python 3.14. Seen on 29-11-2026:
#   link=False symlink=True replace=True unlink=True
#   AttributeError
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund pyodide@314.0.7
cat > look.mjs <<'JS'
import { loadPyodide } from "pyodide";
const python = await loadPyodide();
console.log(python.runPython(`
import os
with open("made.part", "w") as file:
    file.write("x")
seen = " ".join(f"{name}={hasattr(os, name)}" for name in ("link", "symlink", "replace", "unlink"))
try:
    os.link("made.part", "made")
except Exception as fault:
    seen += "\\n" + type(fault).__name__
seen
`));
JS
seen="$(node look.mjs | tail -2)"
echo "$seen"
[ "$seen" = $'link=False symlink=True replace=True unlink=True\nAttributeError' ] || {
  echo "changed"
  exit 1
}

#!/usr/bin/env bash
# In OpenDocument a drawing stands inside the cell that it is anchored to, with its text in
# paragraphs of its own. LibreOffice shows "text of the cell"; two readers take the text of the
# drawing for a part of the value. python-calamine 0.9.1: "text in the shape\ntext of the cell".
# pandas 2.2.3 with odfpy 1.4.1: "text in the shapetext of the cell". Exits 1 when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check python-calamine==0.9.1 pandas==2.2.3 odfpy==1.4.1 2>pip.log || { cat pip.log >&2; exit 2; }
cat > make.py <<'PY'
import zipfile

N = "urn:oasis:names:tc:opendocument:xmlns:"
CONTENT = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="{N}office:1.0" xmlns:table="{N}table:1.0" xmlns:text="{N}text:1.0" xmlns:draw="{N}drawing:1.0" xmlns:svg="{N}svg-compatible:1.0" office:version="1.2"><office:body><office:spreadsheet><table:table table:name="S"><table:table-column table:number-columns-repeated="2"/><table:table-row><table:table-cell office:value-type="string"><draw:custom-shape draw:name="Shape 1" svg:width="3cm" svg:height="1cm" svg:x="0cm" svg:y="0cm"><text:p>text in the shape</text:p><draw:enhanced-geometry draw:type="rectangle"/></draw:custom-shape><text:p>text of the cell</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>next cell</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""
MANIFEST = f"""<?xml version="1.0"?>
<manifest:manifest xmlns:manifest="{N}manifest:1.0" manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:version="1.2" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>"""
with zipfile.ZipFile("shape.ods", "w") as archive:
    archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    archive.writestr("META-INF/manifest.xml", MANIFEST)
    archive.writestr("content.xml", CONTENT)
PY
venv/bin/python make.py
venv/bin/python - <<'PY'
import sys

import pandas
import python_calamine

cells = python_calamine.CalamineWorkbook.from_path("shape.ods").get_sheet_by_index(0).to_python()
other = pandas.read_excel("shape.ods", engine="odf", header=None).values.tolist()
print("python-calamine 0.9.1", cells)
print("pandas", pandas.__version__, "odf", other)
seen = cells == [["text in the shape\ntext of the cell", "next cell"]]
sys.exit(not (seen and other == [["text in the shapetext of the cell", "next cell"]]))
PY

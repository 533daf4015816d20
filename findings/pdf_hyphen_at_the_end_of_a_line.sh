#!/bin/sh
# A hyphen that belongs to a web address, set by Typst at the end of a line of a PDF, does not come
# back as a hyphen: PDFium (the reader in Chrome) gives U+FFFE in its place and joins the lines,
# where pypdf gives the hyphen and the end of the line. Typst may end a line there with
# hyphenate: false too. So an address that is copied from such a page leads nowhere. In a box, which
# keeps it on one line, all of it comes back.
# Seen with typst 0.15.2, pypdfium2 5.15.2 and pypdf 7.1.1 on 29 November 2026.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet typst==0.15.2 pypdfium2==5.15.2 pypdf==7.1.1
cat > "$work/try.py" <<'PY'
import io
import sys

import pypdf
import pypdfium2
import typst

ADDRESS = "www.example.org/kwaliteit-en-veiligheid/handboek"
PAGE = "#set page(width: {}mm, height: 40mm, margin: 5mm)\n#set text(hyphenate: false)\n{}"


def read(width, body):
    data = typst.compile(PAGE.format(width, body).encode())
    one = pypdfium2.PdfDocument(data)[0].get_textpage().get_text_range()
    return one, pypdf.PdfReader(io.BytesIO(data)).pages[0].extract_text()


narrow = read(60, f'#text("{ADDRESS}")')
boxed = read(120, f'#box[#text("{ADDRESS}")]')
print("over two lines; PDFium:", ascii(narrow[0]), "pypdf:", ascii(narrow[1]))
print("on one line;    PDFium:", ascii(boxed[0]), "pypdf:", ascii(boxed[1]))
same = narrow == (ADDRESS.replace("-en", "\ufffeen"), ADDRESS.replace("-en", "-\nen"))
same = same and boxed == (ADDRESS, ADDRESS)
print("as described" if same else "they do otherwise now")
sys.exit(0 if same else 1)
PY
"$work/env/bin/python" "$work/try.py"

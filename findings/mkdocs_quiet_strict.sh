#!/usr/bin/env bash
# MkDocs 1.6.1: `mkdocs build --strict` is to end with an error when there is a warning, such as a
# link to a page that is not there. With `--quiet` beside it the warning is neither shown nor counted:
# the exit code is 0. The counter of warnings hangs on the logger whose level --quiet raises.
#
# Expected: --quiet prints less and changes no outcome; exit code 1 both times.
# Seen with 1.6.1: exit code 1 without --quiet, 0 with it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet mkdocs==1.6.1
mkdir "$folder/docs"
printf 'site_name: a\n' > "$folder/mkdocs.yml"
printf '# A\n\n[nowhere](missing.md)\n' > "$folder/docs/index.md"
cd "$folder"
"$folder/venv/bin/mkdocs" --version
loud=0
"$folder/venv/bin/mkdocs" build --strict --site-dir loud > /dev/null 2>&1 || loud=$?
quiet=0
"$folder/venv/bin/mkdocs" build --strict --quiet --site-dir quiet > /dev/null 2>&1 || quiet=$?
echo "exit code: $loud, with --quiet: $quiet"
[ "$loud" = 1 ] && [ "$quiet" = 0 ]

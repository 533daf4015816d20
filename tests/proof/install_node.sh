#!/bin/sh
# Other programs for `make proof` that npm has: two that read and save spreadsheets, one that calculates.
set -eu
folder="${1:?folder to install in}"
if [ "${HKZ_WITHOUT_BROWSERS:-}" = "1" ] && ! command -v npm >/dev/null 2>&1; then
    echo "npm is not here and HKZ_WITHOUT_BROWSERS=1: proofs with programs of npm do not run."
    exit 0
fi
mkdir -p "$folder"
[ -f "$folder/package.json" ] || echo '{"private": true}' > "$folder/package.json"
npm install --prefix "$folder" --silent --no-audit --no-fund --save-exact \
  xlsx@0.18.5 exceljs@4.4.0 hyperformula@3.5.0

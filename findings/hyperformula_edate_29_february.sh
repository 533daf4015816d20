#!/usr/bin/env bash
# hyperformula 3.5.0: EDATE never gives a 29 February: where that is the day, or the last day of
# the month that is asked for, it gives the 28th.
# Expected, as LibreOffice and Gnumeric give it: 46812 (29-02-2028) for the first four.
# Seen with 3.5.0: 46811 (28-02-2028); DATE(2028,2,29) is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --no-audit --no-fund hyperformula@3.5.0 > /dev/null 2>&1
cat > try.cjs <<'JS'
const { HyperFormula } = require('hyperformula')
const asked = ['EDATE(DATE(2028,1,29),1)', 'EDATE(DATE(2028,1,31),1)', 'EDATE(DATE(2028,2,29),0)',
  'EDATE(DATE(2027,11,30),3)', 'EDATE(DATE(2028,1,30),2)', 'DATE(2028,2,29)']
const options = { licenseKey: 'gpl-v3', leapYear1900: false, nullDate: { year: 1899, month: 12, day: 30 } }
const engine = HyperFormula.buildFromArray([asked.map((one) => '=' + one)], options)
const found = asked.map((_, col) => engine.getCellValue({ sheet: 0, row: 0, col }))
console.log('hyperformula', HyperFormula.version)
asked.forEach((one, k) => console.log(one, found[k]))
const seen = found.slice(0, 4).every((one) => one === 46811) && found[5] === 46812
process.exit(seen ? 0 : 1)
JS
node try.cjs

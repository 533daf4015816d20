#!/usr/bin/env bash
# sssom-py: a mapping set whose mapping_set_id is a URN is fine for `sssom validate` (which checks prefixes) and refused
# by `sssom parse`: "{'urn'} are used in the SSSOM mapping set but it does not exist in the prefix map". The URN is taken
# for a CURIE, though the schema says that this slot is a URI. The same set with an https address is parsed; so is
# the one with the URN once curie_map has a prefix `urn: "urn:"`.
# Exits 0 while that is so, non-zero when it changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" install --quiet --disable-pip-version-check sssom==0.4.21
cd "$folder"
table() {
  printf '#curie_map:\n#  A: "http://example.org/a/"\n#  B: "http://example.org/b/"\n%s#mapping_set_id: %s\n' "$2" "$1"
  printf '#license: https://spdx.org/licenses/MIT\n'
  printf 'subject_id\tpredicate_id\tobject_id\tmapping_justification\n'
  printf 'A:1\tskos:exactMatch\tB:1\tsemapv:ManualMappingCuration\n'
}
table urn:example:set:1 '' > urn.sssom.tsv
table https://example.org/set/1 '' > https.sssom.tsv
table urn:example:set:1 $'#  urn: "urn:"\n' > prefix.sssom.tsv
"$folder/v/bin/pip" list 2>/dev/null | grep -i '^sssom'
"$folder/v/bin/sssom" validate urn.sssom.tsv
echo "validate with a URN: accepted"
if "$folder/v/bin/sssom" parse urn.sssom.tsv -o out.tsv 2> told; then
  echo "parse with a URN: accepted"
  exit 1
fi
tail -n 1 told
grep -q "'urn'" told
"$folder/v/bin/sssom" parse https.sssom.tsv -o https.tsv 2> /dev/null
"$folder/v/bin/sssom" parse prefix.sssom.tsv -o prefix.tsv 2> /dev/null
echo "parse with https, and with a prefix for urn: accepted"

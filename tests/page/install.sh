#!/bin/sh
# Chromium and Firefox without a screen, and Node with npm: for the page and its tests. Where apt
# cannot install them: stop with the line to run, unless HKZ_WITHOUT_BROWSERS=1 says to go on
# without those tests.
set -u
packages="chromium firefox-esr nodejs npm"

one_of() {
    for name in "$@"; do command -v "$name" >/dev/null 2>&1 && return 0; done
    return 1
}

present() {
    one_of chromium google-chrome && one_of firefox-esr firefox && one_of node && one_of npm
}

present && exit 0
if [ "${HKZ_WITHOUT_BROWSERS:-}" = "1" ]; then
    echo "Browsers are not here and HKZ_WITHOUT_BROWSERS=1: the tests of the page in browsers do not run."
    exit 0
fi
if command -v apt-get >/dev/null 2>&1; then
    as_root=""
    if [ "$(id -u)" != "0" ]; then as_root="sudo -n"; fi
    echo "Installing browsers for the tests: $packages"
    export DEBIAN_FRONTEND=noninteractive
    # Only what is missing: a Node that is here may be newer than apt's, and the two do not mix.
    missing=""
    one_of chromium google-chrome || missing="$missing chromium"
    one_of firefox-esr firefox || missing="$missing firefox-esr"
    one_of node || missing="$missing nodejs"
    one_of npm || missing="$missing npm"
    $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
    present && exit 0
fi
echo "Browsers, Node and npm are needed. Run this, then 'make test' again:"
echo "    sudo apt-get install --no-install-recommends $packages"
echo "or leave those tests out: HKZ_WITHOUT_BROWSERS=1 make test"
exit 2

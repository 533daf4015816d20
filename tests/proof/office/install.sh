#!/bin/sh
# LibreOffice without a screen, its Python bridge (python3-uno), the pdf tools and Gnumeric (for
# ssconvert), for the proofs that other programs agree with us. Where apt cannot install them: stop with the line to run,
# unless HKZ_WITHOUT_OFFICE=1 says to go on without those proofs.
set -u
packages="libreoffice-calc-nogui python3-uno poppler-utils fonts-crosextra-carlito gnumeric"

present() {
    command -v soffice >/dev/null 2>&1 && command -v ssconvert >/dev/null 2>&1 && /usr/bin/python3 -c 'import uno' >/dev/null 2>&1
}

present && exit 0
if [ "${HKZ_WITHOUT_OFFICE:-}" = "1" ]; then
    echo "LibreOffice is not here and HKZ_WITHOUT_OFFICE=1: the tests marked 'office' do not run."
    exit 0
fi
if command -v apt-get >/dev/null 2>&1; then
    as_root=""
    if [ "$(id -u)" != "0" ]; then as_root="sudo -n"; fi
    echo "Installing LibreOffice for the tests: $packages"
    export DEBIAN_FRONTEND=noninteractive
    $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends $packages >/dev/null
    present && exit 0
fi
echo "LibreOffice and its Python bridge are needed. Run this, then 'make test' again:"
echo "    sudo apt-get install --no-install-recommends $packages"
echo "or leave those proofs out: HKZ_WITHOUT_OFFICE=1 make test"
exit 2

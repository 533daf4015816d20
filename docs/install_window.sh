#!/bin/sh
# A screen without a monitor (Xvfb), LibreOffice with windows and in Dutch, and what takes a picture of the
# screen: for the pictures of windows in the manual. Where apt cannot install them: stop with the line to run.
set -u
packages="libreoffice-calc libreoffice-gtk3 libreoffice-l10n-nl xvfb xdotool imagemagick"

present() {
    for name in Xvfb xdotool import; do command -v "$name" >/dev/null 2>&1 || return 1; done
    # The program without windows has no part that draws them.
    program=$(dirname "$(readlink -f "$(command -v soffice)")")
    [ -e "$program/libvclplug_gtk3lo.so" ]
}

present && exit 0
if command -v apt-get >/dev/null 2>&1; then
    as_root=""
    if [ "$(id -u)" != "0" ]; then as_root="sudo -n"; fi
    echo "Installing a screen and LibreOffice with windows for the pictures: $packages"
    export DEBIAN_FRONTEND=noninteractive
    $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends $packages >/dev/null
    present && exit 0
fi
echo "A screen and LibreOffice with windows are needed. Run this, then 'make pictures' again:"
echo "    sudo apt-get install --no-install-recommends $packages"
exit 2

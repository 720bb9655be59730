#!/bin/sh
# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs the Debian packages that a purpose needs and that are missing.
# usage: packages.sh build|run|test|peers|bench
set -eu

build='gcc g++ libc6-dev meson ninja-build pkg-config gettext
  libglib2.0-dev libgtk-4-dev libadwaita-1-dev libsoup-3.0-dev libjson-glib-dev libsecret-1-dev
  libgdk-pixbuf-2.0-dev libsqlite3-dev nettle-dev zlib1g-dev libpng-dev libarchive-dev
  libopencv-dnn-dev libopencv-imgproc-dev
  libgtk-4-bin libglib2.0-bin desktop-file-utils appstream'
window='glib-networking adwaita-icon-theme fonts-cantarell librsvg2-common
  shared-mime-info gsettings-desktop-schemas dbus at-spi2-core'
headless='xvfb xauth xdotool xclip imagemagick python3 python3-gi gir1.2-gtk-4.0 gir1.2-atspi-2.0'
test='curl openssl python3-requests python3-pil python3-numpy python3-pytest python3-scipy
  python3-sklearn python3-yaml nodejs npm gnome-keyring procps util-linux libx11-dev libxdamage-dev
  man-db groff-base libjpeg-turbo-progs optipng pngcrush gifsicle giflib-tools webp libtiff-tools
  libavif-bin libheif-examples libjxl-tools netpbm locales clang libclang-rt-14-dev llvm
  nghttp2-proxy chromium'

case "${1:-}" in
  build) wanted=$build ;;
  run)
    wanted="$build $window"
    if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then wanted="$wanted $headless"; fi
    ;;
  test | bench) wanted="$build $window $headless $test" ;;
  peers)
    wanted="$build $window $headless $test python3-venv
      python3-torch python3-torchvision default-jre-headless"
    ;;
  *)
    echo "usage: packages.sh build|run|test|peers|bench" >&2
    exit 2
    ;;
esac

if ! command -v dpkg-query >/dev/null; then
  echo "Assay: this is not Debian; install these packages' counterparts yourself:" $wanted >&2
  exit 0
fi

# Node.js often comes from elsewhere, with npm inside, and then Debian's npm
# cannot be installed beside it.
have() {
  case $1 in
    nodejs) command -v node >/dev/null && return ;;
    npm) command -v npm >/dev/null && return ;;
  esac
  [ "$(dpkg-query -W -f='${Status}' "$1" 2>/dev/null)" = 'install ok installed' ]
}

missing=
for package in $wanted; do
  if ! have "$package"; then missing="$missing $package"; fi
done
if [ -z "$missing" ]; then exit 0; fi

as_root=
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "Assay: these packages are missing; install them as root and try again:$missing" >&2
    exit 1
  fi
  as_root=sudo
fi

echo "Assay: installing$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { $as_root apt-get update &&
  $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $missing; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  echo "Assay: apt-get could not install$missing (the reason is above)." >&2
  exit 1
fi

#!/usr/bin/env bash
# Debian's chromium, PostgreSQL, nginx and CJK fonts for the tests, where this user may install packages; says so where not.
set -eu
missing=()
command -v chromium >/dev/null || missing+=(chromium)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing+=(nginx-light)
[ -d /usr/share/fonts/opentype/noto ] && ls /usr/share/fonts/opentype/noto/*CJK* >/dev/null 2>&1 || missing+=(fonts-noto-cjk)
[ ${#missing[@]} -eq 0 ] && exit 0
sudo=""
if [ "$(id -u)" -ne 0 ]; then
  sudo -n true 2>/dev/null && sudo="sudo -n" || { echo "Not installed and not allowed to: ${missing[*]} (their tests will be skipped)"; exit 0; }
fi
command -v apt-get >/dev/null || { echo "No apt-get here; install by hand: ${missing[*]}"; exit 0; }
echo "Installing ${missing[*]}"
install() { $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; }
install "${missing[@]}" >/dev/null || echo "Could not be installed: ${missing[*]} (their tests will be skipped)"

#!/usr/bin/env bash
# Makes .venv ready for one of: demo, test, bench. Installs Debian packages only where something is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
kind="$1"
python="${PYTHON:-python3}"
venv=.venv

say() { printf '%s\n' "$*" >&2; }

install_packages() {
  local sudo=""
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { say "setup: $* missing and no root: install them, then run make again."; return 1; }
    sudo=sudo
  fi
  say "setup: installing $* ..."
  $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

if [ ! -x "$venv/bin/python" ]; then
  say "setup: making $venv ..."
  "$python" -m venv "$venv" 2>/dev/null || { rm -rf "$venv"; install_packages python3-venv; "$python" -m venv "$venv"; }
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1" 2>&1 | grep -v WARNING >&2 || true
fi

wanted=(-e ".[ask,workbook,charts]")
case "$kind" in
  demo) ;;
  test) wanted+=(--group test --group check) ;;
  bench) wanted+=(--group test --group check --group bench) ;;
  *) say "setup: expected demo, test or bench, found $kind."; exit 2 ;;
esac
say "setup: installing Python packages ($kind) ..."
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check "${wanted[@]}"

if [ "$kind" != demo ] && ! command -v chromium >/dev/null; then
  install_packages chromium fonts-dejavu-core || say "setup: no Chromium; the browser tests will be skipped."
fi
if [ "$kind" != demo ] && ! command -v tesseract >/dev/null; then
  install_packages tesseract-ocr || say "setup: no Tesseract; the tests of scanned pages will be skipped."
fi
# A server of its own to test against; its pinned packages stay out of this project's.
if [ "$kind" = test ] && [ ! -x .synapse/bin/synapse_homeserver ] && ! command -v synapse_homeserver >/dev/null; then
  say "setup: installing Matrix Synapse into .synapse ..."
  { "$python" -m venv .synapse && .synapse/bin/python -m pip install --quiet --disable-pip-version-check matrix-synapse; } \
    || { rm -rf .synapse; say "setup: no Synapse; the test of a real server will be skipped."; }
fi
if [ "$kind" != demo ] && ! command -v dovecot >/dev/null && [ ! -x /usr/sbin/dovecot ]; then
  install_packages dovecot-imapd || say "setup: no Dovecot; the tests that talk to a mailbox will be skipped."
fi
touch "$venv/.$kind"

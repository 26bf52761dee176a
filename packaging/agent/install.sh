#!/bin/sh
# Installs the agent from the folder that this script is in, or brings an installation up to its version:
#   ./install.sh [--prefix DIR]           DIR is /opt/strata-agent where nothing is said
#   ./install.sh --uninstall [--prefix DIR]
# It asks nothing of the network. /etc/strata, /var/lib/strata and the apps stay as they are, whatever is installed or taken away.
set -eu

prefix=/opt/strata-agent
command=/usr/bin/strata-agent
unit=/etc/systemd/system/strata-agent.service
service=strata-agent.service
action=install

fail() {
  echo "install.sh: $*" >&2
  exit 1
}

usage() {
  echo "usage: install.sh [--uninstall] [--prefix DIR]" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  case $1 in
    --uninstall) action=uninstall ;;
    --prefix) [ $# -gt 1 ] || usage; prefix=$2; shift ;;
    --prefix=*) prefix=${1#--prefix=} ;;
    *) usage ;;
  esac
  shift
done
case $prefix in
  / | */../* | */..) fail "--prefix $prefix is no folder of the agent's own" ;;
  /*) prefix=${prefix%/} ;;
  *) fail "--prefix $prefix: give an absolute path" ;;
esac
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)

check() {
  [ "$(id -u)" = 0 ] || fail "only root can do this: run sudo $0"
  [ -d /run/systemd/system ] || fail "systemd does not run here: start $here/bin/strata-agent by what does, or use --root DIR of it"
  if [ -e "$command" ] || [ -L "$command" ]; then
    [ "$(readlink "$command" || true)" = "$prefix/current/bin/strata-agent" ] ||
      fail "$command is of another installation (a package, another --prefix): take that away first"
  fi
}

check_fits() {
  machine=$(uname -m)
  case $(cat "$here/ARCH"):$machine in
    x64:x86_64 | arm64:aarch64) ;;
    *) fail "this is for $(cat "$here/ARCH"), and the machine is $machine" ;;
  esac
  command -v flock >/dev/null || fail "the command flock is not there: install util-linux"
  "$here/bin/node" --version >/dev/null 2>&1 ||
    fail "$here/bin/node does not run here: it needs glibc 2.28 and libstdc++, and a file system that is not mounted noexec"
}

# A link appears, or leads elsewhere, in one step.
swing() {
  ln -s "$1" "$2.new.$$"
  mv -T "$2.new.$$" "$2"
}

# A folder for each build, so that an agent that runs keeps its own files until it is restarted.
place() {
  build=$(cat "$here/BUILD")
  mkdir -p "$prefix"
  if [ ! -d "$prefix/$build" ]; then
    staged=$prefix/.new.$$
    trap 'rm -rf "$staged"' EXIT
    trap 'exit 1' HUP INT TERM
    mkdir "$staged"
    cp -R "$here/." "$staged/"
    chown -R 0:0 "$staged"
    mv -T "$staged" "$prefix/$build"
    sync -f "$prefix/$build"
  fi
  before=$(readlink "$prefix/current" || true)
  swing "$build" "$prefix/current"
}

# Takes builds away, but for those that are named; other folders in the prefix are not ours.
clear_but() {
  rm -rf "$prefix"/.new.*
  for mark in "$prefix"/*/BUILD; do
    folder=$(dirname "$mark")
    name=$(basename "$folder")
    [ "$(cat "$mark" 2>/dev/null)" = "$name" ] || continue
    case " $* " in *" $name "*) ;; *) rm -rf "$folder" ;; esac
  done
}

place_unit() {
  cmp -s "$here/strata-agent.service" "$unit" || {
    cp "$here/strata-agent.service" "$unit.new.$$"
    chmod 644 "$unit.new.$$"
    mv -T "$unit.new.$$" "$unit"
  }
  systemctl daemon-reload
}

install_it() {
  check_fits
  place
  swing "$prefix/current/bin/strata-agent" "$command"
  mkdir -p /etc/strata
  [ -e /etc/strata/agent.env ] || (umask 077 && cp "$here/agent.env" /etc/strata/agent.env && chmod 600 /etc/strata/agent.env)
  place_unit
  systemctl --quiet enable "$service"
  # An agent that runs already is another one only after this; its deployments are taken up again.
  if [ "$before" != "$build" ]; then systemctl try-restart "$service"; fi
  if [ -e /etc/strata/agent.yaml ]; then
    systemctl start "$service"
  else
    echo "Run strata-agent init, then systemctl start strata-agent."
  fi
  # An agent that still drains has the files of the build before.
  clear_but "$build" "$before"
  echo "strata-agent $("$command" --version) is installed in $prefix."
}

uninstall_it() {
  [ -e "$prefix/current" ] || [ -e "$unit" ] || fail "there is no agent in $prefix"
  systemctl --quiet disable --now "$service" 2>/dev/null || true
  rm -f "$unit" "$command"
  systemctl daemon-reload
  clear_but
  rm -f "$prefix/current"
  rm -rf /var/cache/strata /run/strata
  rmdir "$prefix" 2>/dev/null || echo "$prefix has other files in it, and stays."
  echo "The agent is gone. /etc/strata, /var/lib/strata and the apps are as they were."
}

check
if [ "$action" = install ]; then install_it; else uninstall_it; fi

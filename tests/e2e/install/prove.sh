#!/usr/bin/env bash
# prove.sh DEB - installs, starts and purges the package in a fresh Debian 12 of its own.
#
# A chroot has no systemd: the server is started by hand, with the unit's command line, as a user
# without rights and with the state directory that systemd would make.  Needs root and debootstrap.
set -euo pipefail
deb=$(realpath "$1")
root=$(mktemp -d)
chmod 755 "$root" # or nobody but root gets in
server=

clean_up() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    ! mountpoint -q "$root/proc" || umount "$root/proc"
    rm -rf --one-file-system "$root"
}
trap clean_up EXIT

say() {
    echo "prove: $*"
}

fail() {
    echo "prove: $*" >&2
    exit 1
}

inside() {
    chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"
}

# The mirror and the needed packages come from what this machine's apt and the package say.
make_root() {
    local mirror needed
    # shellcheck disable=SC2016 # apt fills these in
    mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' \
        'Origin: Debian' 'Component: main' | sed -n 's/ bookworm$//p' | sed -n 1p)
    [ -n "$mirror" ] || fail "apt knows no mirror of bookworm"
    needed=$(dpkg-deb -f "$deb" Depends | sed 's/ *([^)]*)//g; s/ //g')
    debootstrap --variant=minbase --include="$needed" bookworm "$root" "$mirror" >"$root.log" ||
        fail "debootstrap failed; $root.log says why"
    rm -f "$root.log"
    mount -t proc proc "$root/proc"
    say "debian $(cat "$root/etc/debian_version"), $(inside dpkg-query -W | wc -l) packages"
}

install_package() {
    cp "$deb" "$root/skirmish.deb"
    inside dpkg -i /skirmish.deb >"$root/log" 2>&1 || fail "$(cat "$root/log")"
    rm "$root/skirmish.deb"
    say "$(inside dpkg-query -W -f '${Package} ${Version} ${db:Status-Status}' skirmish)"
    [ -L "$root/etc/systemd/system/multi-user.target.wants/skirmish.service" ] ||
        fail "the unit is not enabled"
}

start_server() {
    local command tries
    command=$(sed -n 's/^ExecStart=//p' "$root/usr/lib/systemd/system/skirmish.service")
    install -d -m 700 -o 65534 -g 65534 "$root/var/lib/skirmish"
    # shellcheck disable=SC2086 # the unit's line is words, and has no quotes
    SKIRMISH_LISTEN=127.0.0.1:0 SKIRMISH_ADMIN=127.0.0.1:0 \
        chroot --userspec=65534:65534 "$root" $command >"$root/ready" 2>"$root/log" &
    server=$!
    for ((tries = 0; tries < 100; tries++)); do
        ! grep -q ^ready "$root/ready" || break
        kill -0 "$server" 2>/dev/null || fail "it ended: $(cat "$root/log")"
        sleep 0.1
    done
    url=$(sed -n 's/^ready url=\([^ ]*\).*/\1/p' "$root/ready")
    say "started as uid $(stat -c %u "/proc/$server"): $command"
}

use_server() {
    python3 -c 'import sys, urllib.request as request
sys.exit(b"<html" not in request.urlopen(sys.argv[1]).read())' "$url/" ||
        fail "the page is not served"
    inside skirmish-bots --url "$url" --bots 4 --seconds 2 --expect 'failed<1' |
        sed -n 's/^bots  */prove: bots: /p'
    kill -INT "$server"
    wait "$server" || fail "it ended with $?: $(cat "$root/log")"
    server=
    say "stopped: $(tail -n 1 "$root/log")"
    rm "$root/ready" "$root/log"
}

purge_package() {
    local left
    inside apt-get -qq -y purge skirmish >/dev/null 2>&1 || fail "purge failed"
    left=$(find "$root" -xdev -path "$root/var/lib/dpkg" -prune -o -path "$root/var/log" -prune -o \
        -name '*skirmish*' -print)
    [ -z "$left" ] || fail "purged, but there is still $left"
    say "purged: nothing is left"
}

make_root
install_package
start_server
use_server
purge_package

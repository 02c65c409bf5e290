#!/bin/sh
# fetch.sh DIR - puts Debian's source of wolfSSL, security patches applied, into DIR/source.
#
# The list of sources is made from the package lists that this machine already uses, so no server
# is named here.  apt works with directories of its own below DIR: it needs no root and leaves the
# system's lists alone.  Nothing happens when DIR/source is there; a failure leaves no DIR/source.
set -eu
[ $# = 1 ] || { echo "usage: fetch.sh DIR" >&2; exit 2; }
mkdir -p "$1"
dir=$(cd "$1" && pwd)
[ ! -d "$dir/source" ] || exit 0

fail() {
    echo "wolfssl: $1" >&2
    exit 1
}
for tool in apt-get dpkg-source; do
    command -v "$tool" >/dev/null || fail "$tool is missing (packages apt, dpkg-dev)"
done

work=$(mktemp -d "$dir/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/unpack"
# _apt, to which apt drops, must be able to write where it downloads.
chmod 755 "$work"

apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)|$(SIGNED_BY)' \
    'Created-By: Packages' 'Origin: Debian' 'Component: main' | sort -u |
    while IFS='|' read -r where signed_by; do
        case $signed_by in
        /*) echo "deb-src [signed-by=$signed_by] $where" ;;
        *) echo "deb-src $where" ;;
        esac
    done >"$work/sources.list"
[ -s "$work/sources.list" ] || fail "apt knows no Debian package lists; run apt-get update"

own_apt() {
    apt-get -qq -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache" \
        -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=/dev/null \
        -o APT::Sandbox::User=root "$@"
}
own_apt update || fail "the lists of sources cannot be had"
(cd "$work/unpack" && own_apt source wolfssl) || fail "the source package cannot be had"
mv "$work"/unpack/wolfssl-*/ "$dir/source"

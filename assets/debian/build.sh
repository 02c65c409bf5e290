#!/usr/bin/env bash
# build.sh BUILD OUT - makes OUT/skirmish_VERSION_ARCHITECTURE.deb of what BUILD installs below /usr
# and prints its path.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
install -d -m 755 "$root/DEBIAN" "$work/debian"

# The unit, the settings and the rest for everybody to read, whatever umask this runs with.
umask 022
DESTDIR=$root cmake --install "$build" --prefix /usr --strip >"$work/install.log" || {
    cat "$work/install.log" >&2
    exit 1
}
(
    cat "$root/usr/share/doc/skirmish/LICENSE"
    printf '\nskirmishd contains wolfSSL and is thereby under the GNU GPL, version 2 or later:\n'
    echo /usr/share/common-licenses/GPL-2
) >"$root/usr/share/doc/skirmish/copyright"
rm "$root/usr/share/doc/skirmish/LICENSE"
gzip -9n "$root"/usr/share/man/man1/*

architecture=$(dpkg --print-architecture)
version=$(sed -n 's/^CMAKE_PROJECT_VERSION:STATIC=//p' "$build/CMakeCache.txt")
printf 'Source: skirmish\n\nPackage: skirmish\nArchitecture: any\n' >"$work/debian/control"
libraries=$(cd "$work" && dpkg-shlibdeps -O "$root"/usr/bin/* 2>"$work/shlibs.log" |
    sed -n 's/^shlibs:Depends=//p')
[ -n "$libraries" ] || {
    cat "$work/shlibs.log" >&2
    exit 1
}

sed -e "s/@VERSION@/$version/; s/@ARCHITECTURE@/$architecture/; s/@LIBRARIES@/$libraries/" \
    -e "s/@KILOBYTES@/$(du -sk --exclude=DEBIAN "$root" | cut -f 1)/" \
    "$here/control" >"$root/DEBIAN/control"
echo /etc/skirmish.conf >"$root/DEBIAN/conffiles"
install -m 755 "$here/postinst" "$here/prerm" "$here/postrm" "$root/DEBIAN"
(cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"

package=$out/skirmish_${version}_$architecture.deb
dpkg-deb --root-owner-group --build "$root" "$package" >"$work/deb.log" 2>&1 || {
    cat "$work/deb.log" >&2
    exit 1
}
echo "$package"

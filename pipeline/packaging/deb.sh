#!/usr/bin/env bash
# The Debian package of the executables in BIN: deb.sh BIN [FOLDER] writes FOLDER/perps-warehouse_<version>_<arch>.deb.
# It runs on the distribution that the executables were built on, the oldest that the package is for: glibc and libstdc++
# of a later one take the programs, those of an earlier one do not. Wants dpkg-dev, patchelf and python3.
set -eu
cd "$(dirname "$0")/../.."
bin=$1 output=${2:-.build/deb}
# Libraries that each release of Debian names differently: shipped beside the programs.
shipped='libsimdjson\.so\.[0-9]+'

for tool in dpkg-deb dpkg-shlibdeps patchelf python3 strip; do
    command -v $tool >/dev/null || { echo "deb: there is no $tool: apt-get install dpkg-dev patchelf python3 binutils" >&2; exit 69; }
done
# The newest version of the changelog is the package's.
version=$(sed -nE 's/^## \[([0-9.]+)\].*/\1/p' CHANGELOG.md | head -n 1)
[ -n "$version" ] || { echo "deb: CHANGELOG.md names no version" >&2; exit 65; }
architecture=$(dpkg --print-architecture)
# Equal sources and programs make an equal package.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
export SOURCE_DATE_EPOCH

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
home=$root/usr/lib/perps-warehouse
mkdir -p "$home/bin" "$home/lib" "$home/pipeline" "$root/DEBIAN"

# Without symbols for debugging, which are most of an executable, and with the way to the shipped libraries. patchelf
# sets it here: so nobody has to link again for a package.
programs() {
    local program
    for program in $(cat pipeline/programs); do
        [ -x "$bin/$program" ] || { echo "deb: there is no $bin/$program: make build" >&2; exit 69; }
        strip -o "$home/bin/$program" "$bin/$program"
        patchelf --set-rpath '$ORIGIN/../lib' "$home/bin/$program"
    done
}

libraries() {
    local library
    ldd "$home/bin/"* | sed -nE "s/^\s*($shipped) => (\/\S+) .*/\1 \2/p" | sort -u >"$work/libraries"
    [ -s "$work/libraries" ] || { echo "deb: no library is to be shipped: look at what the programs need" >&2; exit 65; }
    while read -r name path; do
        install -m 644 "$path" "$home/lib/$name"
        # Its licence is in the NOTICES; its own package says the same.
        library=$(dpkg-query -S "$(realpath "$path")" | cut -d: -f1)
        dpkg-query -W -f "\${Package} \${Version}\n" "$library" >>"$work/versions"
    done <"$work/libraries"
}

# The scripts are the checkout's own. Settings are the file of the checkout, below /etc as a conffile.
scripts() {
    install -m 755 pipeline/packaging/perps -D "$root/usr/bin/perps"
    install -m 755 pipeline/{hourly,daily,hours,ping,backups,setting}.sh "$home/pipeline"
    install -m 644 pipeline/data.sh "$home/pipeline"
    mkdir -p "$root/etc"
    { cat pipeline/packaging/debian/settings && grep -v '^# \.env beside raw/' pipeline/config.env; } \
        >"$root/etc/perps-warehouse.conf"
    ln -s /etc/perps-warehouse.conf "$home/pipeline/config.env"
    echo /etc/perps-warehouse.conf >"$root/DEBIAN/conffiles"
    echo "$version" >"$home/version"
    install -m 644 pipeline/systemd/* -D -t "$root/usr/lib/systemd/system"
}

offers() {
    python3 -B pipeline/packaging/commands.py "$bin" pipeline/programs "$version" "$work/offers"
    install -m 644 "$work/offers/commands" "$home"
    install -m 644 "$work/offers/man/"* -D -t "$root/usr/share/man/man1"
    gzip -9n "$root/usr/share/man/man1/"*
    install -m 644 "$work/offers/completions/perps.bash" -D "$root/usr/share/bash-completion/completions/perps"
    install -m 644 "$work/offers/completions/_perps" -D "$root/usr/share/zsh/vendor-completions/_perps"
    install -m 644 "$work/offers/completions/perps.fish" -D "$root/usr/share/fish/vendor_completions.d/perps.fish"
}

papers() {
    local papers=$root/usr/share/doc/perps-warehouse
    { cat pipeline/packaging/debian/copyright; sed 's/^$/./; s/^/ /' LICENSE; } >"$work/copyright"
    install -m 644 "$work/copyright" -D "$papers/copyright"
    install -m 644 README.md CHANGELOG.md LICENSE pipeline/packaging/NOTICES "$papers"
    { echo; echo "Shipped with this package:"; cat "$work/versions"; } >>"$papers/NOTICES"
    sed -e "s/@version@/$version/" -e "s/@date@/$(date -uRd "@$SOURCE_DATE_EPOCH")/" pipeline/packaging/debian/changelog >"$papers/changelog"
    gzip -9n "$papers/changelog" "$papers/NOTICES"
    # At the same place as in the sources, so that links lead somewhere.
    find pipeline/docs \( -name '*.md' -o -name '*.svg' \) -exec cp --parents {} "$papers" \;
}

control() {
    install -m 755 pipeline/packaging/debian/{postinst,prerm,postrm} "$root/DEBIAN"
    mkdir "$work/debian"
    printf 'Source: perps-warehouse\n\nPackage: perps-warehouse\nArchitecture: any\n' >"$work/debian/control"
    local needed
    needed=$(cd "$work" && dpkg-shlibdeps --warnings=1 -O -l"$home/lib" --ignore-missing-info "$home/bin/"* | sed 's/^shlibs:Depends=//')
    sed -e "s/@version@/$version/" -e "s/@architecture@/$architecture/" -e "s/@needed@/$needed/" \
        -e "s/@size@/$(du -sk --apparent-size --exclude=DEBIAN "$root" | cut -f1)/" pipeline/packaging/debian/control >"$root/DEBIAN/control"
    (cd "$root" && find . -path ./DEBIAN -prune -o -type f -printf '%P\n' | sort | xargs md5sum) >"$root/DEBIAN/md5sums"
}

programs
libraries
scripts
offers
papers
control
chmod -R u=rwX,go=rX "$root"
mkdir -p "$output"
package=$output/perps-warehouse_${version}_$architecture.deb
# zstd: dpkg of Debian 12 and later reads it, and xz takes minutes for as much as this.
dpkg-deb --root-owner-group -Zzstd --build "$root" "$package"

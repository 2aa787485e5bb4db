# shellcheck shell=bash
# Software for a partner's site out of Debian's packages, which are unpacked and not installed: installed they would
# bring and configure Apache. Sourced after lib.sh.

: "${cache:?}"

# unpacked PACKAGE...: says on stdout in which folder the first package lies, made ready for a site. `lay_out` makes the
# folder `site` of the folder `files` that the packages are unpacked in.
unpacked() {
    local version folder
    version=$(candidate "$1")
    folder=$cache/$1-${version//[^A-Za-z0-9.+-]/_}
    [[ -d $folder ]] || locked "$1" make_folder "$folder" "$@"
    printf '%s\n' "$folder"
}

# A fresh machine has no package lists yet.
candidate() {
    known_version "$1" || {
        timed "fetching Debian's package lists" apt-get update
        known_version "$1" || fail "Debian's package $1 is not to be had here; see the sources in /etc/apt"
    }
}

known_version() { apt-cache show --no-all-versions "$1" 2>/dev/null | sed -n 's/^Version: //p' | grep .; }

# make_folder FOLDER PACKAGE...
make_folder() {
    [[ ! -d $1 ]] || return 0
    rm -rf "$1.part"
    mkdir -p "$1.part"
    cd "$1.part" || exit
    timed "fetching $2 from Debian" apt-get download -o APT::Sandbox::User=root "${@:2}"
    timed "unpacking $2" unpack
    mv -T site "$1"
    cd /
    rm -rf "$1.part"
}

unpack() {
    local package
    for package in *.deb; do dpkg -x "$package" files; done
    lay_out
}

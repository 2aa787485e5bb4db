#!/bin/sh
# what: mounting, and removing the masks of /proc
for folder in /mnt /tmp /proc; do
    mount -t tmpfs none "$folder" 2>/dev/null && echo "$folder"
done
mount -o remount,rw / 2>/dev/null && echo remount
mount --bind /proc /mnt 2>/dev/null && echo bind
umount /proc/sys 2>/dev/null && echo umount

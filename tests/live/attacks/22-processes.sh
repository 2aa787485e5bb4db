#!/bin/sh
# what: processes of other containers and of the host
awk '/^Uid:/ && $2 != 2002 { print FILENAME }' /proc/[0-9]*/status 2>/dev/null
ls /proc/1/root/var/lib/docker 2>/dev/null
cat /proc/1/root/etc/shadow 2>/dev/null
dmesg 2>/dev/null | head -n 1

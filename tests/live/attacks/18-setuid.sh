#!/bin/sh
# what: becoming root by a setuid program
# Each one waits for its input, while the effective user of every process is looked at. One that comes in from outside,
# such as a health check, is root for a moment: its parent is not in here, so it has number 0.
find / -xdev -perm /6000 -type f 2>/dev/null | while read -r program; do
    sleep 1 | "$program" >/dev/null 2>&1 &
    sleep 0.1
    cat /proc/[0-9]*/status 2>/dev/null | awk -v program="$program" '
        /^PPid:/ { inside = $2 != 0 }
        /^Uid:/ && $3 == 0 && inside { print program }'
done

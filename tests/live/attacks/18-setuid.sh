#!/bin/sh
# what: becoming root by a setuid program
# Each one waits for its input, while the effective user of every process is looked at.
find / -xdev -perm /6000 -type f 2>/dev/null | while read -r program; do
    sleep 1 | "$program" >/dev/null 2>&1 &
    sleep 0.1
    cat /proc/[0-9]*/status 2>/dev/null | awk -v program="$program" '/^Uid:/ && $3 == 0 { print program }'
done

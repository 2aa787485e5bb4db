#!/bin/sh
# what: a disk flood in /tmp
# gets: less than 80 MB
head -c 2000000000 /dev/zero >/tmp/flood 2>/dev/null
[ "$(stat -c %s /tmp/flood)" -lt 80000000 ] && echo less than 80 MB
rm -f /tmp/flood

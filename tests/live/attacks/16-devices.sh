#!/bin/sh
# what: devices of the host: its disk, its memory
mknod /tmp/disk b 254 0 2>/dev/null && echo mknod
mknod /tmp/memory c 1 1 2>/dev/null && echo memory
find /dev -type b
head -c 1 /dev/mem /dev/kmem /dev/port 2>/dev/null

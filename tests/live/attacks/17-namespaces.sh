#!/bin/sh
# what: user namespaces, and the namespaces of others
unshare --user --map-root-user true 2>/dev/null && echo user
unshare --net true 2>/dev/null && echo net
unshare --mount true 2>/dev/null && echo mount
nsenter --target 1 --net true 2>/dev/null && echo nsenter
chroot /tmp 2>/dev/null && echo chroot

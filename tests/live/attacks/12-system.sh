#!/bin/sh
# what: writing to the system
for path in /x /etc/passwd /etc/resolv.conf /etc/x /usr/bin/x /var/x /var/tmp/x /boot/x /dev/x; do
    (echo x >>"$path") 2>/dev/null && echo "$path"
done

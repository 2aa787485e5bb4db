#!/bin/sh
# what: the Docker socket
find / -xdev \( -name 'docker*.sock' -o -name 'containerd*.sock' \) 2>/dev/null
ls /var/run/docker.sock /run/docker.sock /var/lib/docker 2>/dev/null

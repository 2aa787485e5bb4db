#!/bin/sh
# what: secrets of others, SSH's host keys, the authority's key
find / -xdev \( -name 'ssh_host_*key' -o -name 'ca.key' -o -name 'id_*' \) -type f ! -path '/proc/*' 2>/dev/null
find /run/secrets -type f ! -name database_password
find /etc/shadow /root -type f -readable 2>/dev/null
env | grep -iE '(password|secret|key)='

#!/bin/sh
# what: running a program of its own from where it can write
for folder in /tmp /run /dev/shm /dev/mqueue; do
    cp /bin/true "$folder/own" 2>/dev/null
    "$folder/own" 2>/dev/null && echo "$folder"
    rm -f "$folder/own"
done

#!/bin/sh
# what: a memory bomb
# gets: killed
perl -e 'my @held; push @held, "x" x 10_000_000 while 1' >/dev/null 2>&1
[ $? -eq 137 ] && echo killed

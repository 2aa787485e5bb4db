#!/bin/sh
# what: a processor bomb: eight loops for four seconds
# gets: its own share
for _ in 1 2 3 4 5 6 7 8; do
    timeout 4 perl -e '1 while 1' &
done
wait
echo its own share

#!/bin/sh
# what: a log flood of 60 MB
# gets: its own log, of 30 MB at most
perl -e 'my $line = "x" x 1000 . "\n"; print $line for 1 .. 60_000' >/proc/1/fd/1
echo its own log, of 30 MB at most

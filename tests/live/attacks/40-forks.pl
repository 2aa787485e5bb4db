# what: a fork bomb
# gets: fewer than 100 processes
my $children = 0;
for (1 .. 2000) {
    my $child = fork;
    last unless defined $child;
    if (!$child) { sleep 3; exit }
    $children++;
}
print $children < 100 ? 'fewer than 100 processes' : $children;
1 while wait > 0;

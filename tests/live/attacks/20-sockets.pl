# what: raw and packet sockets, to listen or to spoof addresses
my %kinds = (icmp => [2, 3, 1], udp => [2, 3, 17], any => [2, 3, 255], packet => [17, 3, 768], icmp6 => [10, 3, 58]);
for my $name (sort keys %kinds) {
    print "$name " if socket(my $socket, $kinds{$name}[0], $kinds{$name}[1], $kinds{$name}[2]);
}

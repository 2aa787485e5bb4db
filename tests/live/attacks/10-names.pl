# what: names of other partners, of the edge and of the world in the DNS
# targets: names
use Socket qw(getaddrinfo);
for my $name (@ARGV) {
    next if fork;
    my ($error) = getaddrinfo($name, 80);
    print "$name " unless $error;
    exit;
}
1 while wait > 0;

# A web server small enough for an image without one: it says in X-Peer from where it was asked.
use strict;
use Socket qw(:DEFAULT IPPROTO_IPV6 IPV6_V6ONLY inet_ntop);

socket(my $server, PF_INET6, SOCK_STREAM, 0) or die $!;
setsockopt($server, SOL_SOCKET, SO_REUSEADDR, 1);
setsockopt($server, IPPROTO_IPV6, IPV6_V6ONLY, 0);
bind($server, pack_sockaddr_in6(8080, Socket::IN6ADDR_ANY)) or die $!;
listen($server, 9) or die $!;
while (my $peer = accept(my $client, $server)) {
    my $address = inet_ntop(AF_INET6, (unpack_sockaddr_in6($peer))[1]);
    while (<$client>) { last if $_ eq "\r\n" }
    print $client "HTTP/1.1 200 OK\r\nConnection: close\r\nX-Peer: $address\r\n\r\nhello";
    close $client;
}

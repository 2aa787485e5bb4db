<?php
// what: through PHP: the neighbour's web and database, the edge, the host, clouds' metadata, the internet
// targets: neighbour's web by address, neighbour's database, edge, host, metadata, internet
$tried = [];
foreach ($targets as $target) {
    $at = strrpos($target, ':');
    $host = substr($target, 0, $at);
    $host = str_contains($host, ':') ? "[$host]" : $host;
    $how = STREAM_CLIENT_CONNECT | STREAM_CLIENT_ASYNC_CONNECT;
    $tried[$target] = @stream_socket_client("tcp://$host" . substr($target, $at), $number, $text, 2, $how);
}
usleep(1200000);
foreach ($tried as $target => $socket) {
    if ($socket && stream_socket_get_name($socket, true)) {
        echo $target, ' ';
    }
}

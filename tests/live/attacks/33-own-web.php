<?php
// what: through PHP: its own web asked for the neighbour's site, and told another visitor's address
function ask(string $host, string $path): string
{
    $headers = "Host: $host\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Host: xs.chm.localhost";
    $how = stream_context_create(['http' => ['ignore_errors' => true, 'timeout' => 2, 'header' => $headers]]);
    return (string) @file_get_contents("http://web:8080$path", false, $how);
}
if (str_contains(ask('xs.chm.localhost', '/'), 'neighbour')) {
    echo 'the neighbour ';
}
$told = ask('cd.chm.localhost', '/address.php');
if (!filter_var($told, FILTER_VALIDATE_IP) || $told === '1.2.3.4') {
    echo 'believed: ', $told;
}

<?php
// what: through PHP: files outside of its site
$paths = ['/etc/passwd', '/proc/self/environ', '/proc/1/cmdline', '/config/php.ini', '/usr/bin/env', '/site/../etc/hosts'];
foreach ($paths as $path) {
    if (@file_get_contents($path) !== false) {
        echo $path, ' ';
    }
}
if (@symlink('/etc/passwd', '/site/wp-content/uploads/link.txt')) {
    echo 'symlink ';
}

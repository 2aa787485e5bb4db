<?php
// what: through PHP: running programs
foreach (['exec', 'shell_exec', 'system', 'passthru', 'proc_open', 'popen', 'pcntl_exec', 'dl'] as $name) {
    if (function_exists($name)) {
        echo $name, ' ';
    }
}
echo ini_get('ffi.enable') ? 'ffi ' : '';
echo putenv('LD_PRELOAD=/tmp/x.so') ? 'putenv ' : '';

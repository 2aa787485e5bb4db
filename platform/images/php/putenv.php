<?php
// putenv() is disabled: through LD_PRELOAD or GCONV_PATH it would let an uploaded library run.
// MediaWiki calls it on every page and does not mind that it has no effect.
if (!function_exists('putenv')) {
    function putenv(string $assignment): bool
    {
        return false;
    }
}

#!/bin/sh
# what: writing to the site's code, the configuration and the secrets
for path in /site/x.php /site/index.php /config/php.ini /config/fpm.conf /config/x /run/secrets/x; do
    (echo x >>"$path") 2>/dev/null && echo "$path"
done
chmod 0777 /site /site/index.php /config 2>/dev/null && echo chmod
mv /site/wp-content /site/own 2>/dev/null && echo mv

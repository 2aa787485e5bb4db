package beneath

import "testing"

func TestSource(t *testing.T) {
	for name, is := range map[string]bool{
		"a.php": true, "a/b.PHP": true, "a.php5": true, "a.phtml": true, "a.phar": true, "a.phps": true,
		"wp-config.php.bak": true, "wp-config.php~": true, "a.php.swp": true, "a.php_old": true,
		"a.php-2024": true, "a.php.txt": true, "a.inc": true, "a.inc.php": true, "#a.php#": true,
		"index.html": false, "php": false, "a.phpx": false, "index.php.html": false, "jquery.inc.js": false,
		"folder.php/a.txt": false, "a.txt": false,
	} {
		if source(name) != is {
			t.Errorf("%s: should be %v", name, is)
		}
	}
}

func TestHidden(t *testing.T) {
	for name, is := range map[string]bool{
		".": false, "a.txt": false, ".git/config": true, "a/.htpasswd": true,
		".well-known/acme-challenge/x": false, ".well-known/.x": true, "..a": true,
	} {
		if hidden(name) != is {
			t.Errorf("%s: should be %v", name, is)
		}
	}
}

func TestHtaccess(t *testing.T) {
	akismet := "Order Deny,Allow\nDeny from all\n<FilesMatch \"^(form\\.js|logo\\.png)$\">\n  Allow from all\n</FilesMatch>\n"
	files := "<Files ~ \"^(README|VERSION)$\">\n Require all denied\n</Files>\n<Files wp-login.php>\nDeny from all\n</Files>"
	for _, c := range []struct {
		text, base   string
		denied, said bool
	}{
		{"", "a", false, false},
		{"Deny from all", "a", true, true},
		{"# Deny from all", "a", false, false},
		{deniedAll, "a", true, true},
		{"order allow,deny\ndeny from all\nallow from all", "a", true, true},
		{"Require all granted", "a", false, true},
		{akismet, "a.php", true, true},
		{akismet, "form.js", false, true},
		{files, "README", true, true},
		{files, "wp-login.php", true, true},
		{files, "index.php", false, false},
		{"<Limit PUT>\nDeny from all\n</Limit>", "a", false, false},
		{"<FilesMatch \"^(?!x)\">\nDeny from all\n</FilesMatch>", "a", false, false},
		{"</Files>\nDeny from all", "a", true, true},
	} {
		denied, said := parse(c.text).judge(c.base)
		if denied != c.denied || said != c.said {
			t.Errorf("%q for %s: should be %v %v, is %v %v", c.text, c.base, c.denied, c.said, denied, said)
		}
	}
}

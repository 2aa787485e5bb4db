package beneath

import (
	"regexp"
	"strings"
)

// sources are names of PHP files and of the copies that editors and upgrades leave of them.
var sources = regexp.MustCompile(`(?i)\.(php[0-9]*|pht|phtml|phps|phar|inc)([^a-zA-Z0-9].*|[0-9]*)?$`)

// documents end a name that holds ".php" inside and is a document all the same, as
// index.php.html of a copied site is.
var documents = regexp.MustCompile(`(?i)\.(html?|css|js|mjs|map|png|jpe?g|gif|webp|avif|svg|pdf|ico)$`)

// source tells whether the name is one of PHP source, runnable or left over.
func source(name string) bool {
	base := name[strings.LastIndexByte(name, '/')+1:]
	return sources.MatchString(base) && !documents.MatchString(base)
}

// runnable tells whether a request for the name is one for PHP to run.
func runnable(name string) bool { return strings.HasSuffix(strings.ToLower(name), ".php") }

// hidden tells whether a part of the path begins with a dot, but for RFC 8615's .well-known.
func hidden(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") && part != "." && part != ".well-known" {
			return true
		}
	}
	return false
}

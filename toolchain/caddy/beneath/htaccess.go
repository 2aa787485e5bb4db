package beneath

import (
	"path"
	"regexp"
	"strings"
)

// rule is one "denied" or "granted" of an .htaccess, for the file names that fits tells; a nil
// fits is for all.
type rule struct {
	denied bool
	fits   func(base string) bool
}

type rules []rule

var denyAll = rules{{denied: true}}

// judge gives the verdict on a file's name. As in Apache, what is said about files by name
// comes after what is said about the folder.
func (rs rules) judge(base string) (denied, said bool) {
	for _, r := range rs {
		if r.fits == nil {
			denied, said = r.denied, true
		}
	}
	for _, r := range rs {
		if r.fits != nil && r.fits(base) {
			denied, said = r.denied, true
		}
	}
	return denied, said
}

var (
	deny    = regexp.MustCompile(`(?i)^(require\s+all\s+denied|deny\s+from\s+all)\b`)
	grant   = regexp.MustCompile(`(?i)^(require\s+all\s+granted|allow\s+from\s+all)\b`)
	section = regexp.MustCompile(`(?i)^<(/?)([a-z]+)\s*(~?)\s*"?([^">]*)"?\s*>`)
)

type scope struct {
	skipped bool
	fits    func(string) bool
}

// parse reads the few lines of an .htaccess that close and open; the rest is Apache's.
func parse(text string) rules {
	var found rules
	scopes := []scope{{}}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if part := section.FindStringSubmatch(line); part != nil {
			scopes = step(scopes, part[1] != "", strings.ToLower(part[2]), part[3] != "", part[4])
			continue
		}
		here := scopes[len(scopes)-1]
		if here.skipped {
			continue
		}
		if deny.MatchString(line) {
			found = append(found, rule{true, here.fits})
		} else if grant.MatchString(line) && !followsDeny(found, here) {
			found = append(found, rule{false, here.fits})
		}
	}
	return found
}

// followsDeny keeps the pair of an old and a new spelling ("Order allow,deny", "Allow from all",
// "Deny from all") closed: where a folder says both about everything, it is closed.
func followsDeny(found rules, here scope) bool {
	return here.fits == nil && len(found) > 0 && found[len(found)-1].fits == nil && found[len(found)-1].denied
}

func step(scopes []scope, closing bool, name string, tilde bool, argument string) []scope {
	if closing {
		if len(scopes) > 1 {
			scopes = scopes[:len(scopes)-1]
		}
		return scopes
	}
	return append(scopes, inner(scopes[len(scopes)-1], name, tilde, argument))
}

func inner(outer scope, name string, tilde bool, argument string) scope {
	switch name {
	case "ifmodule", "ifversion", "requireall", "ifdefine":
		return outer
	case "files", "filesmatch":
		fits := fitting(argument, tilde || name == "filesmatch")
		return scope{skipped: outer.skipped || fits == nil, fits: fits}
	}
	return scope{skipped: true, fits: outer.fits}
}

func fitting(pattern string, expression bool) func(string) bool {
	if !expression {
		return func(base string) bool {
			ok, _ := path.Match(pattern, base)
			return ok
		}
	}
	compiled, err := regexp.Compile(pattern)
	if err != nil {
		return nil
	}
	return compiled.MatchString
}

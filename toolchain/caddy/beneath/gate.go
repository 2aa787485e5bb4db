package beneath

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"sync"
	"time"
)

const (
	remembered = 2 * time.Second
	maxFolders = 4096
)

// gate knows the folders that close themselves by an .htaccess. DokuWiki's pages, MediaWiki's
// and Drupal's libraries and the archives of back-up plug-ins rely on it, and this server
// is no Apache.
type gate struct {
	root *os.Root

	mu      sync.Mutex
	folders map[string]verdict
}

type verdict struct {
	rules rules
	until time.Time
}

func newGate(root *os.Root) *gate {
	return &gate{root: root, folders: make(map[string]verdict)}
}

// closed tells whether the nearest folder above name that says anything about it closes it.
func (g *gate) closed(name string) bool {
	base := path.Base(name)
	for folder := path.Dir(name); ; folder = path.Dir(folder) {
		if denied, said := g.rules(folder).judge(base); said {
			return denied
		}
		if folder == "." {
			return false
		}
	}
}

func (g *gate) rules(folder string) rules {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	if known, ok := g.folders[folder]; ok && now.Before(known.until) {
		return known.rules
	}
	if len(g.folders) >= maxFolders {
		clear(g.folders)
	}
	fresh := g.read(folder)
	g.folders[folder] = verdict{fresh, now.Add(remembered)}
	return fresh
}

func (g *gate) read(folder string) rules {
	name := path.Join(folder, ".htaccess")
	info, err := g.root.Stat(name)
	switch {
	case err != nil && errors.Is(err, fs.ErrPermission):
		return denyAll
	case err != nil || !info.Mode().IsRegular():
		return nil
	case info.Size() > 1<<20:
		return denyAll
	}
	text, err := g.root.ReadFile(name)
	if err != nil {
		return denyAll
	}
	return parse(string(text))
}

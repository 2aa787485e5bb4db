package beneath

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
)

const deniedAll = "<IfModule mod_authz_core.c>\n  Require all denied\n</IfModule>\n"

func site(t *testing.T) (*Beneath, string) {
	t.Helper()
	folder := t.TempDir()
	root := filepath.Join(folder, "site")
	files := map[string]string{
		"secret.txt":                    "outside",
		"site/index.html":               "home",
		"site/index.php":                "<?php",
		"site/config.inc":               "<?php",
		"site/old.php~":                 "<?php",
		"site/copy.php.html":            "a page",
		"site/.env":                     "hidden",
		"site/.well-known/security.txt": "contact",
		"site/uploads/shell.php":        "<?php",
		"site/uploads/photo.jpg":        "photo",
		"site/data/page.txt":            "closed",
		"site/data/.htaccess":           deniedAll,
		"site/data/open/.htaccess":      "Require all granted\n",
		"site/data/open/logo.txt":       "logo",
	}
	for name, text := range files {
		place := filepath.Join(folder, name)
		must(t, os.MkdirAll(filepath.Dir(place), 0o755))
		must(t, os.WriteFile(place, []byte(text), 0o644))
	}
	links := map[string]string{
		"inside":    "uploads/photo.jpg",
		"absolute":  filepath.Join(folder, "secret.txt"),
		"upwards":   "../secret.txt",
		"outside":   "..",
		"page.txt":  "index.php",
		"env.txt":   ".env",
		"closed":    "data/page.txt",
		"data-link": "data",
		"round":     "round",
		"shell.php": "uploads/shell.php",
		"elsewhere": "uploads",
	}
	for name, target := range links {
		must(t, os.Symlink(target, filepath.Join(root, name)))
	}
	must(t, syscall.Mkfifo(filepath.Join(root, "uploads/pipe"), 0o644))
	b := &Beneath{Root: root, Written: []string{"uploads"}}
	must(t, b.Provision(caddy.Context{}))
	t.Cleanup(func() { must(t, b.Cleanup()) })
	return b, root
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestShownFiles(t *testing.T) {
	b, root := site(t)
	for name, text := range map[string]string{
		"index.html":               "home",
		"copy.php.html":            "a page",
		".well-known/security.txt": "contact",
		"uploads/photo.jpg":        "photo",
		"inside":                   "photo",
		"data/open/logo.txt":       "logo",
	} {
		got, err := fs.ReadFile(b, root+"/"+name)
		if err != nil || string(got) != text {
			t.Errorf("%s: should be %q, is %q (%v)", name, text, got, err)
		}
	}
}

func TestRefusedFiles(t *testing.T) {
	b, root := site(t)
	for _, name := range []string{
		"absolute", "upwards", "outside/secret.txt", "../secret.txt", "round",
		"page.txt", "env.txt", ".env", "config.inc", "old.php~", "uploads/pipe",
		"uploads/shell.php", "shell.php", "elsewhere/shell.php",
		"data/page.txt", "closed", "data-link/page.txt", "nowhere", "index.html/more",
	} {
		if _, err := b.Open(root + "/" + name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: should not exist, is %v", name, err)
		}
	}
}

func TestSourceExistsButIsNeverRead(t *testing.T) {
	b, root := site(t)
	if info, err := b.Stat(root + "/index.php"); err != nil || info.Size() != 5 {
		t.Fatalf("try_files should find index.php: %v", err)
	}
	file, err := b.Open(root + "/index.php")
	must(t, err)
	defer file.Close()
	if _, err := file.Read(make([]byte, 8)); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("reading should be refused, is %v", err)
	}
	if _, err := file.(io.Seeker).Seek(0, io.SeekEnd); err == nil {
		t.Error("seeking should be refused")
	}
}

func TestFolderAndRoot(t *testing.T) {
	b, root := site(t)
	for _, name := range []string{root, root + "/", root + "/uploads"} {
		if info, err := b.Stat(name); err != nil || !info.IsDir() {
			t.Errorf("%s: should be a folder: %v", name, err)
		}
	}
	if _, err := b.Stat(root + "-other"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a neighbour of the root should not exist, is %v", err)
	}
}

func TestUnreadableFileIsForbidden(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root reads everything")
	}
	b, root := site(t)
	must(t, os.Chmod(root+"/index.html", 0))
	if _, err := b.Open(root + "/index.html"); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("should be forbidden, is %v", err)
	}
}

func TestClosingAFolderTakesEffectSoon(t *testing.T) {
	b, root := site(t)
	_, err := b.Stat(root + "/uploads/photo.jpg")
	must(t, err)
	must(t, os.WriteFile(root+"/uploads/.htaccess", []byte("deny from all"), 0o644))
	b.gate.mu.Lock()
	b.gate.folders["uploads"] = verdict{nil, time.Now()}
	b.gate.mu.Unlock()
	if _, err := b.Stat(root + "/uploads/photo.jpg"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("should be closed, is %v", err)
	}
}

func TestCaddyfile(t *testing.T) {
	for text, ok := range map[string]bool{
		"beneath /site": true, "beneath /site {\n written a b\n}": true, "beneath /site {\n else\n}": false, "beneath": false, "beneath /a /b": false,
	} {
		err := new(Beneath).UnmarshalCaddyfile(caddyfile.NewTestDispenser(text))
		if (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
	if err := (&Beneath{Root: "site"}).Provision(caddy.Context{}); err == nil {
		t.Error("a relative root should be refused")
	}
}

// Package beneath is a file system for Caddy that never leaves its root and never gives away
// what a web server has no business to show: the source of PHP, hidden files, and folders
// that their own .htaccess closes.
//
//	{
//		filesystem site beneath /site {
//			written wp-content/uploads
//		}
//	}
//	:8080 {
//		root * /site
//		fs site
//		file_server
//	}
package beneath

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"golang.org/x/sys/unix"
)

func init() { caddy.RegisterModule(new(Beneath)) }

// Beneath opens files below Root. Links are followed as long as they stay below it (mount
// points are no obstacle), and a file is judged by where it really is as well as by the name
// it was asked for. Names are absolute and begin with Root, as Caddy joins them.
type Beneath struct {
	// Root is the folder that nothing leaves, an absolute path.
	Root string `json:"root"`

	// Written are the folders below Root that the site itself writes to. PHP source in them does
	// not exist, whatever name or link leads there, so no matcher ever hands it to PHP.
	Written []string `json:"written,omitempty"`

	root   *os.Root
	itself *os.File
	real   string
	gate   *gate
}

// CaddyModule returns the Caddy module information.
func (*Beneath) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "caddy.fs.beneath", New: func() caddy.Module { return new(Beneath) }}
}

// UnmarshalCaddyfile reads `beneath <root> { written <folder>... }`.
func (b *Beneath) UnmarshalCaddyfile(d *caddyfile.Dispenser) error {
	d.Next()
	if !d.Args(&b.Root) || d.NextArg() {
		return d.ArgErr()
	}
	for d.NextBlock(0) {
		if d.Val() != "written" {
			return d.Errf("should be written, is %s", d.Val())
		}
		b.Written = append(b.Written, d.RemainingArgs()...)
	}
	return nil
}

// Provision opens the root.
func (b *Beneath) Provision(caddy.Context) error {
	if !path.IsAbs(b.Root) {
		return errors.New("beneath: the root should be an absolute path, is " + strconv.Quote(b.Root))
	}
	b.Root = path.Clean(b.Root)
	root, err := os.OpenRoot(b.Root)
	if err != nil {
		return err
	}
	b.root, b.gate = root, newGate(root)
	if b.itself, err = root.Open("."); err != nil {
		return err
	}
	b.real, err = whereabouts(b.itself)
	return err
}

// Cleanup closes the root.
func (b *Beneath) Cleanup() error {
	if b.root == nil {
		return nil
	}
	return errors.Join(b.itself.Close(), b.root.Close())
}

// Open opens a file or folder for reading. What may not be shown does not exist.
func (b *Beneath) Open(name string) (fs.File, error) {
	asked, ok := b.relative(name)
	if !ok || hidden(asked) || b.gate.closed(asked) {
		return nil, missing(name)
	}
	file, real, err := b.find(asked)
	if err != nil {
		return nil, b.refusal(name, err)
	}
	shown, err := b.judge(asked, real, file)
	if err != nil {
		_ = file.Close()
		return nil, missing(name)
	}
	return shown, nil
}

// Stat describes a file under the same rules as Open.
func (b *Beneath) Stat(name string) (fs.FileInfo, error) {
	file, err := b.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return file.Stat()
}

// reading keeps a pipe that PHP left in its folder from blocking an open for ever.
const reading = os.O_RDONLY | syscall.O_NONBLOCK

// find opens a file and tells where it really is. Where no link is in the way, which is the rule, the
// kernel says so in one call; else the links are followed, and the kernel asked where they led.
func (b *Beneath) find(asked string) (*os.File, string, error) {
	how := unix.OpenHow{Flags: uint64(reading | unix.O_CLOEXEC), Resolve: unix.RESOLVE_BENEATH | unix.RESOLVE_NO_SYMLINKS}
	descriptor, err := unix.Openat2(int(b.itself.Fd()), asked, &how)
	if err == nil {
		return os.NewFile(uintptr(descriptor), asked), asked, nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "", err
	}
	file, err := b.root.OpenFile(asked, reading, 0)
	if err != nil {
		return nil, "", err
	}
	place, err := whereabouts(file)
	real, ok := below(b.real, place)
	if err != nil || !ok {
		_ = file.Close()
		return nil, "", fs.ErrNotExist
	}
	return file, real, nil
}

// judge looks at what was really opened: a link may have led elsewhere.
func (b *Beneath) judge(asked, real string, file *os.File) (fs.File, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() && !info.IsDir() {
		return nil, fs.ErrNotExist
	}
	if real != asked && (hidden(real) || b.gate.closed(real)) {
		return nil, fs.ErrNotExist
	}
	if info.IsDir() || !source(real) && !source(asked) {
		return file, nil
	}
	if !runnable(asked) || b.written(asked) || b.written(real) {
		return nil, fs.ErrNotExist
	}
	return unread{file}, nil
}

func (b *Beneath) written(name string) bool {
	return slices.ContainsFunc(b.Written, func(folder string) bool {
		_, ok := below(path.Clean(folder), name)
		return ok
	})
}

// whereabouts gives the path of an open file as the kernel knows it, links resolved.
func whereabouts(file *os.File) (string, error) {
	raw, err := file.SyscallConn()
	if err != nil {
		return "", err
	}
	var place string
	var failed error
	err = raw.Control(func(descriptor uintptr) {
		place, failed = os.Readlink("/proc/self/fd/" + strconv.Itoa(int(descriptor)))
	})
	return place, errors.Join(err, failed)
}

func (b *Beneath) relative(name string) (string, bool) { return below(b.Root, path.Clean(name)) }

func below(root, name string) (string, bool) {
	if name == root {
		return ".", true
	}
	return strings.CutPrefix(name, strings.TrimSuffix(root, "/")+"/")
}

// refusal tells a file that may not be read (403) from one that is not there or leads out of
// the site (404): Caddy would answer 400 to the latter.
func (b *Beneath) refusal(name string, err error) error {
	if errors.Is(err, fs.ErrPermission) || tooMany(err) {
		return err
	}
	return missing(name)
}

func tooMany(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}

func missing(name string) error {
	return &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// unread is PHP source: its existence matters to try_files, its bytes are for PHP alone.
type unread struct{ *os.File }

func (unread) Read([]byte) (int, error)           { return 0, fs.ErrPermission }
func (unread) ReadAt([]byte, int64) (int, error)  { return 0, fs.ErrPermission }
func (unread) Seek(int64, int) (int64, error)     { return 0, fs.ErrPermission }
func (unread) ReadDir(int) ([]fs.DirEntry, error) { return nil, fs.ErrPermission }

var (
	_ caddy.Provisioner     = (*Beneath)(nil)
	_ caddy.CleanerUpper    = (*Beneath)(nil)
	_ caddyfile.Unmarshaler = (*Beneath)(nil)
	_ fs.StatFS             = (*Beneath)(nil)
)

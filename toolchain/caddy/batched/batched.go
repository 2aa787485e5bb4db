// Package batched is an output for Caddy's logs: standard output, many lines at a time.
//
//	log {
//		output batched
//	}
//
// Each write wakes the log driver of a container's engine, which then takes as much time as the serving of
// a small file. Lines of the level error are written at once, the others after a second at the latest; who
// kills the process with -9 loses those.
package batched

import (
	"io"
	"os"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"go.uber.org/zap/zapcore"
)

const (
	size     = 64 << 10
	patience = time.Second
)

func init() { caddy.RegisterModule(Writer{}) }

// Writer opens standard output as a log that is written in batches.
type Writer struct{}

// CaddyModule returns the Caddy module information.
func (Writer) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "caddy.logging.writers.batched", New: func() caddy.Module { return new(Writer) }}
}

// UnmarshalCaddyfile reads `batched`.
func (*Writer) UnmarshalCaddyfile(d *caddyfile.Dispenser) error {
	d.Next()
	if d.NextArg() || d.NextBlock(0) {
		return d.ArgErr()
	}
	return nil
}

func (Writer) String() string { return "batched" }

// WriterKey is the same for all: they share one buffer, as they share standard output.
func (Writer) WriterKey() string { return "batched" }

// OpenWriter gives the log; closing it writes what is left and leaves standard output open.
func (Writer) OpenWriter() (io.WriteCloser, error) { return open(os.Stdout), nil }

func open(out io.Writer) io.WriteCloser {
	return batches{&zapcore.BufferedWriteSyncer{WS: zapcore.AddSync(out), Size: size, FlushInterval: patience}}
}

type batches struct{ *zapcore.BufferedWriteSyncer }

// Close writes what is left.
func (b batches) Close() error { return b.Stop() }

var (
	_ caddy.WriterOpener    = (*Writer)(nil)
	_ caddyfile.Unmarshaler = (*Writer)(nil)
)

// Package storedcertificate tells whether a name's certificate is in the edge's store and still
// valid, so that a site that is down can say so over TLS.
package storedcertificate

import (
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"clearinghouse.invalid/toolchain/caddy/sitename"
)

func init() { caddy.RegisterModule(new(Matcher)) }

// Matcher matches a request when an unexpired certificate of {vars.site_name} is stored.
type Matcher struct {
	// Folder of the certificates, `certificates` in Caddy's storage.
	Folder string `json:"folder"`
}

// CaddyModule returns the Caddy module information.
func (*Matcher) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "http.matchers.stored_certificate", New: func() caddy.Module { return new(Matcher) }}
}

// UnmarshalCaddyfile reads `stored_certificate <folder>`.
func (m *Matcher) UnmarshalCaddyfile(d *caddyfile.Dispenser) error {
	d.Next()
	if !d.Args(&m.Folder) || d.NextArg() {
		return d.ArgErr()
	}
	return nil
}

// MatchWithError tells whether the certificate is there.
func (m *Matcher) MatchWithError(r *http.Request) (bool, error) {
	name, _ := caddyhttp.GetVar(r.Context(), sitename.Variable).(string)
	if name == "" || name != sitename.Normalise(name) {
		return false, nil
	}
	// One folder per authority that ever issued for this edge.
	files, err := filepath.Glob(filepath.Join(m.Folder, "*", name, name+".crt"))
	if err != nil {
		return false, err
	}
	for _, file := range files {
		if unexpired(file, time.Now()) {
			return true, nil
		}
	}
	return false, nil
}

func unexpired(file string, now time.Time) bool {
	text, err := os.ReadFile(file)
	if err != nil {
		return false
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return false
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	return err == nil && now.After(certificate.NotBefore) && now.Before(certificate.NotAfter)
}

var (
	_ caddyfile.Unmarshaler             = (*Matcher)(nil)
	_ caddyhttp.RequestMatcherWithError = (*Matcher)(nil)
)

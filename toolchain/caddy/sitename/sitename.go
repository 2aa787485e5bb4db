// Package sitename tells which site a request is for, in one spelling, whatever the client wrote.
package sitename

import (
	"errors"
	"net"
	"net/http"
	"strings"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
)

// Variable is the name under which later handlers find the site's name: {vars.site_name}.
const Variable = "site_name"

// Suffix is what an alias in the engine's DNS adds to a site's name.
const Suffix = ".web.internal"

const longest = 253 - len(Suffix)

func init() {
	caddy.RegisterModule(Handler{})
	httpcaddyfile.RegisterHandlerDirective("site_name", parse)
	httpcaddyfile.RegisterDirectiveOrder("site_name", httpcaddyfile.Before, "map")
}

// Handler sets {vars.site_name} to the normalised name of the site that a request is for, or to
// the empty string when it can be no site's name. Over TLS a name that the certificate was
// not asked for is answered with 421.
type Handler struct {
	// Name is what to normalise instead of the request's host; it may hold placeholders.
	Name string `json:"name,omitempty"`
}

// CaddyModule returns the Caddy module information.
func (Handler) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "http.handlers.site_name", New: func() caddy.Module { return new(Handler) }}
}

func parse(h httpcaddyfile.Helper) (caddyhttp.MiddlewareHandler, error) {
	handler := new(Handler)
	return handler, handler.UnmarshalCaddyfile(h.Dispenser)
}

// UnmarshalCaddyfile reads `site_name [<name>]`.
func (h *Handler) UnmarshalCaddyfile(d *caddyfile.Dispenser) error {
	d.Next()
	if d.NextArg() {
		h.Name = d.Val()
	}
	if d.NextArg() || d.NextBlock(0) {
		return d.ArgErr()
	}
	return nil
}

func (h Handler) ServeHTTP(w http.ResponseWriter, r *http.Request, next caddyhttp.Handler) error {
	asked := r.Host
	if h.Name != "" {
		asked = r.Context().Value(caddy.ReplacerCtxKey).(*caddy.Replacer).ReplaceAll(h.Name, "")
	}
	name := Normalise(asked)
	caddyhttp.SetVar(r.Context(), Variable, name)
	if r.TLS != nil && (name == "" || name != Normalise(r.TLS.ServerName)) {
		return caddyhttp.Error(http.StatusMisdirectedRequest, errors.New("the host is not the one the connection was made for"))
	}
	return next.ServeHTTP(w, r)
}

// Normalise gives a host's name in lower case without port and final dot; the empty string
// when it cannot be a site's: an address, a single label, one below .internal, too long.
func Normalise(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	labels := strings.Split(name, ".")
	last := labels[len(labels)-1]
	if len(labels) < 2 || len(name) > longest || last == "internal" || strings.Trim(last, "0123456789") == "" {
		return ""
	}
	for _, label := range labels {
		if !isLabel(label) {
			return ""
		}
	}
	return name
}

func isLabel(label string) bool {
	if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	for _, c := range []byte(label) {
		if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

var (
	_ caddyhttp.MiddlewareHandler = Handler{}
	_ caddyfile.Unmarshaler       = (*Handler)(nil)
)

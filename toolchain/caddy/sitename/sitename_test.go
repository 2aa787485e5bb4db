package sitename

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
)

func TestNormalise(t *testing.T) {
	for host, name := range map[string]string{
		"www.example.org":               "www.example.org",
		"WWW.Example.ORG":               "www.example.org",
		"www.example.org.":              "www.example.org",
		"www.example.org:8443":          "www.example.org",
		"www.example.org.:443":          "www.example.org",
		"xn--bnin-bpa.example":          "xn--bnin-bpa.example",
		"":                              "",
		".":                             "",
		"localhost":                     "",
		"192.0.2.1":                     "",
		"[2001:db8::1]:443":             "",
		"a..b":                          "",
		"www.example.org..":             "",
		"-a.example":                    "",
		"a_b.example":                   "",
		"a/b.example":                   "",
		"x.web.internal":                "",
		"X.INTERNAL.":                   "",
		"internal.example":              "internal.example",
		strings.Repeat("a.", 125) + "b": "",
	} {
		if got := Normalise(host); got != name {
			t.Errorf("%q: should be %q, is %q", host, name, got)
		}
	}
}

func TestHostAndCertificateBelongTogether(t *testing.T) {
	for _, c := range []struct {
		host, sni string
		status    int
	}{
		{"www.example.org", "www.example.org", 200},
		{"WWW.example.org.:8443", "www.example.org", 200},
		{"other.example.org", "www.example.org", 421},
		{"www.example.org", "", 421},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host, r.TLS = c.host, &tls.ConnectionState{ServerName: c.sni}
		if status, _ := serve(Handler{}, r); status != c.status {
			t.Errorf("%v: is %d", c, status)
		}
	}
}

func TestWithoutTLSTheNameIsOnlySet(t *testing.T) {
	for host, name := range map[string]string{"A.example": "a.example", "192.0.2.1": ""} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = host
		if status, got := serve(Handler{}, r); status != 200 || got != name {
			t.Errorf("%s: is %d %q", host, status, got)
		}
	}
}

func serve(h Handler, r *http.Request) (int, string) {
	ctx := context.WithValue(r.Context(), caddyhttp.VarsCtxKey, map[string]any{})
	r = r.WithContext(context.WithValue(ctx, caddy.ReplacerCtxKey, caddy.NewReplacer()))
	next := caddyhttp.HandlerFunc(func(http.ResponseWriter, *http.Request) error { return nil })
	err := h.ServeHTTP(httptest.NewRecorder(), r, next)
	name, _ := caddyhttp.GetVar(r.Context(), Variable).(string)
	if refused, ok := err.(caddyhttp.HandlerError); ok {
		return refused.StatusCode, name
	}
	return 200, name
}

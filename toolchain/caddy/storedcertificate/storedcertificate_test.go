package storedcertificate

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"clearinghouse.invalid/toolchain/caddy/sitename"
)

func store(t *testing.T, folder, name string, until time.Time) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: until.Add(-2 * time.Hour), NotAfter: until}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	place := filepath.Join(folder, "local", name)
	if err := os.MkdirAll(place, 0o700); err != nil {
		t.Fatal(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	if err := os.WriteFile(filepath.Join(place, name+".crt"), text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestOnlyAnUnexpiredCertificateOfTheNameCounts(t *testing.T) {
	folder := t.TempDir()
	store(t, folder, "now.example", time.Now().Add(time.Hour))
	store(t, folder, "old.example", time.Now().Add(-time.Minute))
	broken := filepath.Join(folder, "local", "bad.example")
	if err := os.MkdirAll(broken, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(broken, "bad.example.crt"), []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	m := &Matcher{Folder: folder}
	for name, stored := range map[string]bool{
		"now.example": true, "old.example": false, "bad.example": false, "new.example": false,
		"": false, "*.example": false, "../local/now.example": false,
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r = r.WithContext(context.WithValue(r.Context(), caddyhttp.VarsCtxKey, map[string]any{sitename.Variable: name}))
		if got, err := m.MatchWithError(r); err != nil || got != stored {
			t.Errorf("%q: should be %v, is %v (%v)", name, stored, got, err)
		}
	}
}

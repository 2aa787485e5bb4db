package webs

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"clearinghouse.invalid/toolchain/caddy/sitename"
)

func source(t *testing.T, asked *atomic.Int32, ips ...string) *Webs {
	t.Helper()
	ws := &Webs{Port: "8080"}
	ws.lookup = func(_ context.Context, network, name string) ([]net.IP, error) {
		asked.Add(1)
		if network != "ip4" || name != "a.example.web.internal." {
			return nil, errors.New("no such host")
		}
		var found []net.IP
		for _, ip := range ips {
			found = append(found, net.ParseIP(ip))
		}
		return found, nil
	}
	if err := ws.Provision(caddy.Context{}); err != nil {
		t.Fatal(err)
	}
	return ws
}

func request(method, name string) *http.Request {
	r := httptest.NewRequest(method, "/", nil)
	return r.WithContext(context.WithValue(r.Context(), caddyhttp.VarsCtxKey, map[string]any{sitename.Variable: name}))
}

func next(t *testing.T, ws *Webs, r *http.Request) string {
	t.Helper()
	found, err := ws.GetUpstreams(r)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		return ""
	}
	return found[0].Dial
}

func TestARetryTriesAnotherAddress(t *testing.T) {
	var asked atomic.Int32
	ws := source(t, &asked, "10.0.0.1", "10.0.0.2", "10.0.0.3")
	r := request(http.MethodGet, "a.example")
	seen := map[string]bool{}
	for range 3 {
		seen[next(t, ws, r)] = true
	}
	if len(seen) != 3 {
		t.Errorf("three tries should reach three addresses, reached %v", seen)
	}
	if next(t, ws, r) == "" {
		t.Error("when all were tried, they may be tried again")
	}
}

func TestAnAnswerIsUsedAgainForGetOnly(t *testing.T) {
	var asked atomic.Int32
	ws := source(t, &asked, "10.0.0.1")
	for range 5 {
		next(t, ws, request(http.MethodGet, "a.example"))
	}
	if asked.Load() != 1 {
		t.Errorf("five GET should ask once, asked %d times", asked.Load())
	}
	next(t, ws, request(http.MethodPost, "a.example"))
	if asked.Load() != 2 {
		t.Error("a POST should look up anew")
	}
	r := request(http.MethodGet, "a.example")
	if err := ws.ResetCache(r); err != nil {
		t.Fatal(err)
	}
	next(t, ws, r)
	if asked.Load() != 3 {
		t.Error("a reset should look up anew")
	}
}

func TestAYoungAddressIsOnlyTriedWhenTheElderOnesHaveFailed(t *testing.T) {
	for _, age := range []time.Duration{youth + time.Second, together + time.Second} {
		var asked atomic.Int32
		ws := source(t, &asked, "10.0.0.1", "10.0.0.2")
		ws.addresses("a.example").since["10.0.0.1"] = time.Now().Add(-age)
		for range 20 {
			r := request(http.MethodPost, "a.example")
			if first, second := next(t, ws, r), next(t, ws, r); first != "10.0.0.1:8080" || second != "10.0.0.2:8080" {
				t.Fatalf("%s: tried %s, then %s", age, first, second)
			}
		}
	}
}

func TestUnknownNamesHaveNoAddress(t *testing.T) {
	var asked atomic.Int32
	ws := source(t, &asked, "10.0.0.1")
	for _, name := range []string{"", "b.example"} {
		if got := next(t, ws, request(http.MethodGet, name)); got != "" {
			t.Errorf("%q: %s", name, got)
		}
	}
}

func TestRequestsAtTheSameTimeAskOnce(t *testing.T) {
	var asked atomic.Int32
	ws := source(t, &asked, "10.0.0.1")
	slow := ws.lookup
	ws.lookup = func(ctx context.Context, network, name string) ([]net.IP, error) {
		time.Sleep(20 * time.Millisecond)
		return slow(ctx, network, name)
	}
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if next(t, ws, request(http.MethodPost, "a.example")) == "" {
				t.Error("should have an address")
			}
		})
	}
	all.Wait()
	if asked.Load() > 5 {
		t.Errorf("fifty requests asked %d times", asked.Load())
	}
}

func TestMemoryIsBounded(t *testing.T) {
	var asked atomic.Int32
	ws := source(t, &asked)
	for i := range maxNames + 10 {
		ws.addresses(time.Duration(i).String())
	}
	if len(ws.known) > maxNames {
		t.Errorf("remembers %d names", len(ws.known))
	}
}

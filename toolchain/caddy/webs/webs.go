// Package webs finds the web servers of a site by asking the engine's DNS for its alias.
//
// Caddy's own `dynamic a` holds one lock over all names while it looks one up, remembers a
// hundred names, and cannot be told to look again when an address turns out to be wrong.
package webs

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"

	"clearinghouse.invalid/toolchain/caddy/sitename"
)

const (
	remembered = time.Second
	patience   = 2 * time.Second
	youth      = 2 * time.Minute
	together   = 5 * time.Second
	maxNames   = 4096
	tried      = "webs_tried"
)

func init() { caddy.RegisterModule(new(Webs)) }

// Webs gives one address of {vars.site_name} at a time, another one at each retry of the same
// request. GET and HEAD may use an address found within the last second; every other method,
// whose body cannot be sent twice, and every retry look up anew.
//
// An alias is there when a web server starts, not when it serves, and one that crashes comes back
// at another address each time. So addresses that appeared within the last two minutes, and after
// the eldest that is still there, are only tried when the elder ones have failed.
type Webs struct {
	// Port that the web servers listen on.
	Port string `json:"port"`

	lookup func(ctx context.Context, network, name string) ([]net.IP, error)
	mu     sync.Mutex
	known  map[string]*answer
}

type answer struct {
	done      chan struct{}
	addresses []string
	since     map[string]time.Time
	until     time.Time
}

// CaddyModule returns the Caddy module information.
func (*Webs) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "http.reverse_proxy.upstreams.webs", New: func() caddy.Module { return new(Webs) }}
}

// UnmarshalCaddyfile reads `dynamic webs <port>`.
func (ws *Webs) UnmarshalCaddyfile(d *caddyfile.Dispenser) error {
	d.Next()
	if !d.Args(&ws.Port) || d.NextArg() {
		return d.ArgErr()
	}
	return nil
}

// Provision prepares the memory of names.
func (ws *Webs) Provision(caddy.Context) error {
	if ws.Port == "" {
		return errors.New("webs: a port should be given")
	}
	if ws.lookup == nil {
		ws.lookup = net.DefaultResolver.LookupIP
	}
	ws.known = make(map[string]*answer)
	return nil
}

// GetUpstreams gives the next address to try, or none when the name has none.
func (ws *Webs) GetUpstreams(r *http.Request) ([]*reverseproxy.Upstream, error) {
	name, _ := caddyhttp.GetVar(r.Context(), sitename.Variable).(string)
	if name == "" {
		return nil, nil
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		ws.forget(name)
	}
	address, found := pick(r, ws.addresses(name))
	if !found {
		return nil, nil
	}
	return []*reverseproxy.Upstream{{Dial: net.JoinHostPort(address, ws.Port)}}, nil
}

// ResetCache makes the next look-up of the request's name a fresh one.
func (ws *Webs) ResetCache(r *http.Request) error {
	if name, _ := caddyhttp.GetVar(r.Context(), sitename.Variable).(string); name != "" {
		ws.forget(name)
	}
	return nil
}

func (ws *Webs) forget(name string) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if known, ok := ws.known[name]; ok && known.finished() {
		known.until = time.Time{}
	}
}

// addresses asks the DNS once for all requests that want the same name at the same time.
func (ws *Webs) addresses(name string) *answer {
	ws.mu.Lock()
	known, ok := ws.known[name]
	if ok && (!known.finished() || time.Now().Before(known.until)) {
		ws.mu.Unlock()
		<-known.done
		return known
	}
	if len(ws.known) >= maxNames {
		clear(ws.known)
	}
	asking := &answer{done: make(chan struct{})}
	ws.known[name] = asking
	ws.mu.Unlock()
	asking.addresses = ws.ask(name)
	asking.since = sinceWhen(asking.addresses, known)
	asking.until = time.Now().Add(remembered)
	close(asking.done)
	return asking
}

// sinceWhen tells when each address was first seen: as the answer before says, else now.
func sinceWhen(addresses []string, before *answer) map[string]time.Time {
	since := make(map[string]time.Time, len(addresses))
	for _, address := range addresses {
		since[address] = time.Now()
		if before == nil {
			continue
		}
		if first, ok := before.since[address]; ok {
			since[address] = first
		}
	}
	return since
}

// isElder tells whether an address has been there for long, or as long as any other.
func (a *answer) isElder(address string) bool {
	since := a.since[address]
	if time.Since(since) > youth {
		return true
	}
	for _, other := range a.since {
		if since.Sub(other) > together {
			return false
		}
	}
	return true
}

func (a *answer) finished() bool {
	select {
	case <-a.done:
		return true
	default:
		return false
	}
}

func (ws *Webs) ask(name string) []string {
	// Not the request's context: others wait for the same answer.
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	found, err := ws.lookup(ctx, "ip4", name+sitename.Suffix+".")
	if err != nil {
		return nil
	}
	addresses := make([]string, len(found))
	for i, ip := range found {
		addresses[i] = ip.String()
	}
	return addresses
}

// pick chooses at random among the elder addresses that this request has not tried, then among
// the others that it has not tried, then among all.
func pick(r *http.Request, known *answer) (string, bool) {
	before, _ := caddyhttp.GetVar(r.Context(), tried).(map[string]bool)
	if before == nil {
		before = make(map[string]bool)
		caddyhttp.SetVar(r.Context(), tried, before)
	}
	var elders, left []string
	for _, address := range known.addresses {
		if before[address] {
			continue
		}
		left = append(left, address)
		if known.isElder(address) {
			elders = append(elders, address)
		}
	}
	for _, among := range [][]string{elders, left, known.addresses} {
		if len(among) > 0 {
			address := among[rand.IntN(len(among))]
			before[address] = true
			return address, true
		}
	}
	return "", false
}

var (
	_ caddy.Provisioner                  = (*Webs)(nil)
	_ caddyfile.Unmarshaler              = (*Webs)(nil)
	_ reverseproxy.UpstreamSource        = (*Webs)(nil)
	_ reverseproxy.CachingUpstreamSource = (*Webs)(nil)
)

package batched

import (
	"bytes"
	"sync"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
)

type output struct {
	mu     sync.Mutex
	writes []string
}

func (o *output) Write(text []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.writes = append(o.writes, string(text))
	return len(text), nil
}

func (o *output) seen() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]string(nil), o.writes...)
}

func TestLinesAreWrittenTogetherAndSoon(t *testing.T) {
	out := new(output)
	log := open(out)
	defer log.Close()
	for _, line := range []string{"one\n", "two\n"} {
		if _, err := log.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	if got := out.seen(); len(got) != 0 {
		t.Errorf("should still be held, is %q", got)
	}
	for until := time.Now().Add(5 * time.Second); len(out.seen()) == 0 && time.Now().Before(until); {
		time.Sleep(10 * time.Millisecond)
	}
	if got := out.seen(); len(got) != 1 || got[0] != "one\ntwo\n" {
		t.Errorf("should be one write of both lines, is %q", got)
	}
}

func TestNoLineIsTornWhenTheBufferIsFull(t *testing.T) {
	out := new(output)
	log := open(out)
	line := append(bytes.Repeat([]byte("x"), 999), '\n')
	for range 200 {
		if _, err := log.Write(line); err != nil {
			t.Fatal(err)
		}
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, write := range out.seen() {
		if len(write)%len(line) != 0 {
			t.Errorf("a write of %d bytes ends within a line", len(write))
		}
		total += len(write)
	}
	if total != 200*len(line) {
		t.Errorf("%d bytes should be written, are %d", 200*len(line), total)
	}
}

func TestCaddyfile(t *testing.T) {
	for text, ok := range map[string]bool{"batched": true, "batched more": false, "batched {\n more\n}": false} {
		err := new(Writer).UnmarshalCaddyfile(caddyfile.NewTestDispenser(text))
		if (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}

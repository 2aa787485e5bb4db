package main

import (
	"bufio"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestEveryAnswerBelow500IsASignOfLife(t *testing.T) {
	for status, alive := range map[int]bool{200: true, 301: true, 401: true, 404: true, 500: false, 503: false} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Host != "www.example.org" || r.URL.Path != "/status" || r.Header.Get("X-Forwarded-Proto") != "https" {
				status = http.StatusInternalServerError
			}
			w.WriteHeader(status)
		}))
		err := ask(server.Listener.Addr().String(), "www.example.org", "/status")
		server.Close()
		if (err == nil) != alive {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestNobodyThereIsNoSignOfLife(t *testing.T) {
	listener := listen(t)
	listener.Close()
	if ask(listener.Addr().String(), "www.example.org", "/") == nil {
		t.Error("alive without a server")
	}
}

func TestAServerOfSomethingElseIsNoSignOfLife(t *testing.T) {
	listener := listen(t)
	go func() {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		_, _ = bufio.NewReader(connection).ReadString('\n')
		_, _ = connection.Write([]byte("220 mail.example.org ESMTP\r\n"))
		connection.Close()
	}()
	err := ask(listener.Addr().String(), "www.example.org", "/")
	if err == nil || !strings.Contains(err.Error(), "answers no HTTP") {
		t.Errorf("unexpected: %v", err)
	}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener
}

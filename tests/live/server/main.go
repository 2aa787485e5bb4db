// Command server is a partner's own program for the tests: it tells what it sees and what it can do.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
)

func main() {
	// There is no page at /: a site may well begin elsewhere.
	http.HandleFunc("/request", request)
	http.HandleFunc("POST /length", length)
	http.HandleFunc("/files/{path...}", files)
	http.HandleFunc("GET /echo", echo)
	http.HandleFunc("GET /fault", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "the site's own fault", http.StatusInternalServerError)
	})
	if err := http.ListenAndServe(":"+os.Getenv("PORT"), nil); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func request(w http.ResponseWriter, r *http.Request) {
	_ = json.NewEncoder(w).Encode(map[string]any{
		"host":    r.Host,
		"headers": r.Header,
		"url":     r.URL.String(),
		"user":    fmt.Sprintf("%d:%d", os.Getuid(), os.Getgid()),
	})
}

func length(w http.ResponseWriter, r *http.Request) {
	read, err := io.Copy(io.Discard, r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	fmt.Fprint(w, read)
}

// files reads and writes files below the site's folder, or says why it may not.
func files(w http.ResponseWriter, r *http.Request) {
	path := "/site/" + r.PathValue("path")
	if r.Method == http.MethodPut {
		text, _ := io.ReadAll(r.Body)
		if err := os.WriteFile(path, text, 0o660); err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
		}
		return
	}
	text, err := os.ReadFile(path)
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	_, _ = w.Write(text)
}

// echo takes the connection over, as for a web socket (RFC 9110, section 7.8), and sends back what comes.
func echo(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Upgrade") != "websocket" {
		http.Error(w, "should be upgraded", http.StatusUpgradeRequired)
		return
	}
	connection, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer connection.Close()
	fmt.Fprint(connection, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
	_, _ = io.Copy(connection, buffered)
}

// Command alive says whether a web server is alive: whether it answers HTTP at all, with a status below 500.
//
//	alive ADDRESS HOST PATH
//
// A missing page, a redirect and a question for a password are signs of life; no answer within four seconds and a fault
// of the server are not. It is a static program, for images without a shell and tools.
package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

const patience = 4 * time.Second

func main() {
	if len(os.Args) != 4 {
		fail("alive: should be called with ADDRESS HOST PATH")
	}
	if err := ask(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fail(err.Error())
	}
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(1)
}

// ask requests a path as web does, and reads no more than the status line (RFC 9112, sections 3 and 4).
func ask(address, host, path string) error {
	connection, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return err
	}
	defer connection.Close()
	if err := connection.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(connection, "GET %s HTTP/1.1\r\nHost: %s\r\nX-Forwarded-Proto: https\r\n"+
		"User-Agent: alive\r\nConnection: close\r\n\r\n", path, host); err != nil {
		return err
	}
	line, err := bufio.NewReaderSize(connection, 4096).ReadString('\n')
	if err != nil {
		return fmt.Errorf("no answer at %s: %w", path, err)
	}
	return judge(strings.TrimSpace(line))
}

func judge(line string) error {
	words := strings.SplitN(line, " ", 3)
	if len(words) < 2 || !strings.HasPrefix(words[0], "HTTP/1.") {
		return fmt.Errorf("answers no HTTP: %q", line)
	}
	if status, err := strconv.Atoi(words[1]); err != nil || status < 100 || status >= 500 {
		return fmt.Errorf("answers %q", line)
	}
	return nil
}

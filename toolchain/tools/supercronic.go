//go:build tools

// Package tools pins supercronic, which runs partners' cron jobs.
package tools

import _ "github.com/aptible/supercronic"

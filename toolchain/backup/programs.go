//go:build tools

// Package backup pins restic, which makes backups, and rest-server, which keeps them append-only.
package backup

import (
	_ "github.com/restic/rest-server/cmd/rest-server"
	_ "github.com/restic/restic/cmd/restic"
)

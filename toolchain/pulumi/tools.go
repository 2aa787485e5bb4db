//go:build tools

// Package tools pins the Pulumi command line; build.sh builds it from the
// module cache, so nothing of Pulumi is copied into this repository.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"

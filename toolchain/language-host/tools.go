//go:build tools

// Package tools pins Pulumi's Python language host: v3.79.0 of the sdk is the
// last one that still holds it as an ordinary Go package.
package tools

import _ "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python"

// Command caddy is Caddy with its standard modules and the few that this project adds.
package main

import (
	caddycmd "github.com/caddyserver/caddy/v2/cmd"
	_ "github.com/caddyserver/caddy/v2/modules/standard"

	_ "clearinghouse.invalid/toolchain/caddy/batched"
	_ "clearinghouse.invalid/toolchain/caddy/beneath"
	_ "clearinghouse.invalid/toolchain/caddy/sitename"
	_ "clearinghouse.invalid/toolchain/caddy/storedcertificate"
	_ "clearinghouse.invalid/toolchain/caddy/webs"
)

func main() { caddycmd.Main() }

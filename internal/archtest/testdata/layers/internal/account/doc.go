// Package account is a fixture.
package account

import (
	_ "github.com/aceno-chat/aceno/internal/account/import"
	_ "github.com/aceno-chat/aceno/internal/config"       // want upwards
	_ "github.com/aceno-chat/aceno/internal/conversation" // want upwards
	_ "github.com/aceno-chat/aceno/internal/nowhere"      // want unknown
	_ "github.com/aceno-chat/aceno/internal/platform/bus"
	_ "github.com/aceno-chat/aceno/internal/site" // want sideways
)

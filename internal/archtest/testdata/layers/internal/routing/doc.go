// Package routing is a fixture.
package routing

import (
	_ "github.com/aceno-chat/aceno/internal/conversation"
	_ "github.com/aceno-chat/aceno/internal/grid"   // want sideways
	_ "github.com/aceno-chat/aceno/internal/report" // want upwards
)

// Package app is a fixture.
package app

import (
	_ "github.com/aceno-chat/aceno/cmd/aceno"      // want upwards
	_ "github.com/aceno-chat/aceno/internal/bench" // want upwards
	_ "github.com/aceno-chat/aceno/internal/demo"
	_ "github.com/aceno-chat/aceno/internal/report"
	_ "github.com/aceno-chat/aceno/web"
)

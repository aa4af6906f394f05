// Package app is a fixture.
package app

import (
	_ "github.com/aceno-chat/aceno/cmd/aceno"     // want upwards
	_ "github.com/aceno-chat/aceno/internal/demo" // want upwards
	_ "github.com/aceno-chat/aceno/internal/report"
	_ "github.com/aceno-chat/aceno/web"
)

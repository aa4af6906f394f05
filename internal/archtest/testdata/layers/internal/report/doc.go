// Package report is a fixture.
package report

import (
	_ "github.com/aceno-chat/aceno/internal/app" // want upwards
	_ "github.com/aceno-chat/aceno/internal/routing"
	_ "github.com/aceno-chat/aceno/internal/webhook" // want sideways
)

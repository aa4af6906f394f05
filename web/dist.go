// Package web holds the built browser sides: the panel, the widget and the demo shop's static files.
package web

import "embed"

// Dist is what `make web` builds: dist/panel (the agents' single-page application) and dist/widget (aceno.js, chat.js).
// On a checkout where nothing was built yet it holds only a placeholder; app answers such requests with 503 and says what to run.
//
//go:embed all:dist
var Dist embed.FS

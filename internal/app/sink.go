package app

import "github.com/aceno-chat/aceno/internal/visitor"

// Sink is where the visitors' side tells the live tables of visits. The bench feeds it beside real visitors.
func (a *App) Sink() visitor.Sink { return a.grids }

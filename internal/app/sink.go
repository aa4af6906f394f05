package app

import "github.com/aceno-chat/aceno/internal/visitor"

// Sink is where the visitors' side tells of visits: the live tables and the triggers. The bench feeds it beside real visitors.
func (a *App) Sink() visitor.Sink { return sinks{a.grids, a.triggers.Engine()} }

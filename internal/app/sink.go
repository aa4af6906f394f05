package app

import "github.com/aceno-chat/aceno/internal/visitor"

// Sink is where the visitors' side tells of visits: the live tables, the triggers and the leads. The bench feeds it beside real visitors.
func (a *App) Sink() visitor.Sink { return sinks{a.grids, a.triggers.Engine(), a.leads} }

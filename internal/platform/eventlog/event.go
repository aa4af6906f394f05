package eventlog

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"sync"
)

// Event is a fact that is recorded with the change that made it. Its payload is its JSON form.
type Event interface {
	// Kind is its name, a noun and a past participle: `conversation.ended`.
	Kind() string
	// Audience is which agents may see it.
	Audience() Audience
	// Subject is the identifier of the thing concerned.
	Subject() string
}

// ForVisitor marks the events that may reach a visitor, in the form that VisitorFrame builds. The visitor's encoder accepts
// nothing else: an event without this method cannot be sent to a visitor by mistake (B14).
type ForVisitor interface {
	Event
	// VisitorFrame returns what to send and to whom; ok is false when this instance is not for the visitor.
	VisitorFrame() (frame VisitorFrame, ok bool)
}

// VisitorFrame is a push to all connections of one visitor.
type VisitorFrame struct {
	VisitorID string
	// Frame is encoded as JSON.
	Frame any
}

// Record is an event as it stands in the log.
type Record struct {
	AccountID string          `json:"account_id"`
	Position  int64           `json:"position"`
	Kind      string          `json:"kind"`
	Audience  string          `json:"audience"`
	Subject   string          `json:"subject"`
	Payload   json.RawMessage `json:"payload"`
	At        int64           `json:"at"`
	// event is the value that Append was given, on the node where it happened.
	event Event
}

var registry struct {
	sync.RWMutex
	types map[string]reflect.Type
}

// Register makes Decode know the event type T. Features call it from a package variable's initialisation; a kind has one type.
func Register[T Event]() bool {
	var zero T
	registry.Lock()
	defer registry.Unlock()
	if registry.types == nil {
		registry.types = make(map[string]reflect.Type)
	}
	kind, typ := zero.Kind(), reflect.TypeFor[T]()
	if known, ok := registry.types[kind]; ok && known != typ {
		panic(fmt.Sprintf("eventlog: %s is registered for %s and %s", kind, known, typ))
	}
	registry.types[kind] = typ
	return true
}

// Decode returns the typed event of a record. An unregistered kind is an error. Several listeners share what is returned: nobody
// changes it.
func Decode(r Record) (Event, error) {
	if r.event != nil {
		return r.event, nil
	}
	registry.RLock()
	typ, ok := registry.types[r.Kind]
	registry.RUnlock()
	if !ok {
		return nil, fmt.Errorf("eventlog: unknown kind %q", r.Kind)
	}
	value := reflect.New(typ)
	if err := json.Unmarshal(r.Payload, value.Interface()); err != nil {
		return nil, fmt.Errorf("eventlog: decode %s at %d: %w", r.Kind, r.Position, err)
	}
	event, ok := reflect.TypeAssert[Event](value.Elem())
	if !ok {
		return nil, fmt.Errorf("eventlog: %s is not an event", typ)
	}
	return event, nil
}

// Types returns the registered event types by kind, for the API document.
func Types() map[string]reflect.Type {
	registry.RLock()
	defer registry.RUnlock()
	types := make(map[string]reflect.Type, len(registry.types))
	maps.Copy(types, registry.types)
	return types
}

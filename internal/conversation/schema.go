package conversation

import (
	"github.com/danielgtaylor/huma/v2"

	"github.com/aceno-chat/aceno/internal/platform/api"
)

// What may be null in the API document beside what huma sees by itself.

// TransformSchema is called by huma.
func (Conversation) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return api.OrNull(s, "last_message")
}

// TransformSchema is called by huma.
func (Message) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return api.OrNull(s, "file", "system")
}

// TransformSchema is called by huma.
func (Revision) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return api.OrNull(s, "file")
}

// TransformSchema is called by huma.
func (VisitorConversation) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return api.OrNull(s, "agent")
}

// TransformSchema is called by huma.
func (VisitorMessage) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return api.OrNull(s, "file", "system")
}

// TransformSchema is called by huma.
func (VisitorSite) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return api.OrNull(s, "conversation")
}

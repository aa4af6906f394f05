package api

import "github.com/danielgtaylor/huma/v2"

// OrNull lets the named properties of a struct's schema be null too. huma writes a pointer to a struct as a plain reference;
// a type says otherwise with a TransformSchema method that calls this.
func OrNull(s *huma.Schema, properties ...string) *huma.Schema {
	for _, name := range properties {
		if p, ok := s.Properties[name]; ok && p.Ref != "" {
			s.Properties[name] = &huma.Schema{
				Description: p.Description, AnyOf: []*huma.Schema{{Ref: p.Ref}, {Type: "null"}},
			}
		}
	}
	return s
}

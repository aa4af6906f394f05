package conversation

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/site"
)

// Paces of visitors. They are generous to people and mean to programs; who shares an address shares the second one.
var (
	openingRate        = api.Rate{Burst: 5, Per: time.Minute, By: api.ByVisitor}
	openingAddressRate = api.Rate{Burst: 30, Per: time.Minute, By: api.ByAddress}
	messageRate        = api.Rate{Burst: 30, Per: 10 * time.Second, By: api.ByVisitor}
	surveyRate         = api.Rate{Burst: 10, Per: time.Minute, By: api.ByVisitor}
	fileRate           = api.Rate{Burst: 10, Per: time.Minute, By: api.ByVisitor}
)

func visitorOf(ctx context.Context) VisitorActor {
	v := api.Visitor(ctx)
	return VisitorActor{AccountID: v.AccountID, SiteID: v.SiteID, VisitorID: v.VisitorID, VisitID: v.VisitID, Addr: api.ClientAddr(ctx)}
}

// VisitedSite names a site to its visitor.
type VisitedSite struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Language string `json:"language" enum:"pt,en,es"`
}

// VisitorIdentity is what the site or the visitor has told already, so that it is not asked again.
type VisitorIdentity struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

// VisitorSite is what the chat needs to begin.
type VisitorSite struct {
	Site VisitedSite `json:"site"`
	// Online says that somebody attends in at least one department.
	Online       bool                 `json:"online"`
	Departments  []Department         `json:"departments" nullable:"false"`
	Visitor      VisitorIdentity      `json:"visitor"`
	Conversation *VisitorConversation `json:"conversation"`
	Limits       Limits               `json:"limits"`
	Words        map[string]OwnWords  `json:"words" doc:"What the site says in its own words, by language (pt, en, es); what is missing or empty is said as it comes with the product."`
	// Mail says that a transcript can be asked for.
	Mail  bool          `json:"mail" doc:"The installation sends mail: a transcript can be asked for."`
	Forms []VisitorForm `json:"forms" nullable:"false" doc:"What is asked beside name and e-mail."`
}

// OwnWords are a site's own words in one language.
type OwnWords struct {
	Title    string `json:"title" maxLength:"60"`
	Greeting string `json:"greeting" maxLength:"300"`
	Away     string `json:"away" maxLength:"300"`
}

type siteIn struct {
	Key string `query:"k" required:"true" maxLength:"64" doc:"The site's key."`
}

type siteOut struct{ Body VisitorSite }

type openIn struct {
	Body struct {
		ClientID     string         `json:"client_id" maxLength:"64" pattern:"^[!-~]+$" doc:"Made by the client. The same id again returns the conversation of the first time."`
		DepartmentID string         `json:"department_id" maxLength:"36"`
		Name         string         `json:"name" maxLength:"100"`
		Email        string         `json:"email" maxLength:"254"`
		Fields       map[string]any `json:"fields,omitempty" maxProperties:"30" doc:"Further answers: texts of up to 1,000 characters, numbers, booleans."`
		Answers      map[string]any `json:"answers,omitempty" maxProperties:"30" doc:"To the identification form, by field: texts, numbers, booleans, lists of values chosen. What it does not ask is left out."`
		Text         string         `json:"text,omitempty" maxLength:"5000" doc:"The first message; may be empty."`
		OutreachID   string         `json:"outreach_id,omitempty" maxLength:"36" doc:"The invite that is accepted with this."`
	}
}

type openOut struct {
	Status int
	Body   VisitorConversation
}

type catchUpIn struct {
	ID    string `path:"id" maxLength:"36"`
	After int64  `query:"after" minimum:"0" default:"0" doc:"Everything after this visitor sequence, at most 100 messages."`
}

type catchUpOut struct{ Body VisitorPage }

type visitorPostIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		ClientID string `json:"client_id" maxLength:"64" pattern:"^[!-~]+$" doc:"Made by the client. The same id again returns the message of the first time."`
		Text     string `json:"text" maxLength:"5000" doc:"1 to 5,000 characters after trimming; no control characters but newline and tab."`
		ReplyTo  int64  `json:"reply_to,omitempty" minimum:"1" doc:"The sequence of a message that is quoted."`
	}
}

type visitorMessageOut struct{ Body VisitorMessage }

type visitorFileIn struct {
	ID      string `path:"id" maxLength:"36"`
	RawBody huma.MultipartFormFiles[struct {
		ClientID string        `form:"client_id" required:"true" maxLength:"64" pattern:"^[!-~]+$"`
		File     huma.FormFile `form:"file" required:"true" doc:"1 byte to 2 MiB, of one of the types in the limits."`
	}]
}

type rateIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Rating  int            `json:"rating" minimum:"1" maximum:"5"`
		Comment string         `json:"comment,omitempty" maxLength:"1000"`
		Answers map[string]any `json:"answers,omitempty" maxProperties:"30" doc:"To the survey's own fields."`
	}
}

type visitorConversationOut struct{ Body VisitorConversation }

func (s *Service) visitorRoutes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/v/site", Tag: "visitor", Summary: "What the chat needs to begin", Visitor: true,
		Errors: []fault.Code{fault.SiteUnknown},
	}, func(ctx context.Context, in *siteIn) (*siteOut, error) {
		visited, err := s.VisitorSite(ctx, visitorOf(ctx), in.Key)
		return &siteOut{Body: visited}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/v/conversations", Tag: "visitor", Summary: "Ask for contact", Visitor: true,
		Description: "Answers 201 when a conversation was opened, 200 with the one that is open already.",
		Status:      http.StatusCreated, Errors: []fault.Code{
			fault.VisitorBlocked, fault.DepartmentClosed, fault.DepartmentUnattended, fault.IdentityRequired, fault.Overloaded,
		},
		Rate: &openingRate, AlsoRate: &openingAddressRate,
	}, func(ctx context.Context, in *openIn) (*openOut, error) {
		c, created, err := s.Open(ctx, visitorOf(ctx), Opening{
			ClientID: in.Body.ClientID, DepartmentID: in.Body.DepartmentID, Name: in.Body.Name, Email: in.Body.Email,
			Fields: in.Body.Fields, Answers: in.Body.Answers, Text: in.Body.Text, OutreachID: in.Body.OutreachID,
		})
		out := &openOut{Status: http.StatusOK, Body: c}
		if created {
			out.Status = http.StatusCreated
		}
		return out, err
	})
	// The document's other success: huma writes only the default one.
	responses := a.Huma.OpenAPI().Paths["/v/conversations"].Post.Responses
	already := *responses["201"]
	already.Description = "The one that is open already"
	responses["200"] = &already
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/v/conversations/{id}", Tag: "visitor", Summary: "The conversation and what was missed", Visitor: true,
		Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *catchUpIn) (*catchUpOut, error) {
		page, err := s.CatchUp(ctx, visitorOf(ctx), in.ID, in.After)
		return &catchUpOut{Body: page}, err
	})
	s.visitorWriteRoutes(a)
}

func (s *Service) visitorWriteRoutes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/v/conversations/{id}/messages", Tag: "visitor", Summary: "Send a message", Visitor: true,
		Errors: []fault.Code{fault.NotFound, fault.ConversationEnded}, Rate: &messageRate,
	}, func(ctx context.Context, in *visitorPostIn) (*visitorMessageOut, error) {
		m, err := s.ReplyByVisitor(ctx, visitorOf(ctx), in.ID, in.Body.ClientID, in.Body.Text, in.Body.ReplyTo)
		return &visitorMessageOut{Body: m}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/v/conversations/{id}/files", Tag: "visitor", Summary: "Send a file", Visitor: true,
		Errors: fileErrors, Rate: &fileRate, MaxBody: uploadBody,
	}, func(ctx context.Context, in *visitorFileIn) (*visitorMessageOut, error) {
		form := in.RawBody.Data()
		m, err := s.PostFileByVisitor(ctx, visitorOf(ctx), in.ID, form.ClientID, upload(form.File))
		return &visitorMessageOut{Body: m}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/v/conversations/{id}/end", Tag: "visitor", Summary: "End the conversation, or leave the queue", Visitor: true,
		Errors: []fault.Code{fault.NotFound, fault.ConversationEnded},
	}, func(ctx context.Context, in *byIDIn) (*visitorConversationOut, error) {
		c, err := s.EndByVisitor(ctx, visitorOf(ctx), in.ID)
		return &visitorConversationOut{Body: c}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/v/conversations/{id}/survey", Tag: "visitor", Summary: "Rate an ended conversation; the first answer stays", Visitor: true,
		Errors: []fault.Code{fault.NotFound, fault.ConversationNotEnded}, Rate: &surveyRate,
	}, func(ctx context.Context, in *rateIn) (*visitorConversationOut, error) {
		c, err := s.Rate(ctx, visitorOf(ctx), in.ID, in.Body.Rating, in.Body.Comment, in.Body.Answers)
		return &visitorConversationOut{Body: c}, err
	})
}

// VisitorSite returns what the chat needs to begin. Error: SiteUnknown when the key is not that of the visitor's site.
func (s *Service) VisitorSite(ctx context.Context, v VisitorActor, key string) (VisitorSite, error) {
	var out VisitorSite
	known, ok := s.sites.ByID(v.SiteID)
	if !ok || key == "" || (known.Key != key && known.LegacyKey != key) {
		return out, fault.New(fault.SiteUnknown)
	}
	out.Site = VisitedSite{ID: known.ID, Name: known.Name, Language: known.Language}
	out.Words = map[string]OwnWords{}
	for language, w := range map[string]site.Words{"pt": known.Settings.Texts.PT, "en": known.Settings.Texts.EN, "es": known.Settings.Texts.ES} {
		if own := (OwnWords{Title: w.Title, Greeting: w.Greeting, Away: w.Away}); own != (OwnWords{}) {
			out.Words[language] = own
		}
	}
	var err error
	if out.Departments, err = s.departments.Attending(ctx, v.AccountID); err != nil {
		return VisitorSite{}, err
	}
	if out.Conversation, err = s.Current(ctx, v); err != nil {
		return VisitorSite{}, err
	}
	visit, ok := s.visits.VisitDetails(v.AccountID, v.VisitID)
	if ok {
		out.Visitor = VisitorIdentity{Name: visit.Name, Email: visit.Email}
	}
	for i := range out.Departments {
		d := &out.Departments[i]
		d.IdentityRequired = d.IdentityRequired && visit.VerifiedID == ""
		d.Online = d.Online && !d.IdentityRequired
		out.Online = out.Online || d.Online
	}
	out.Limits = LimitsNow()
	out.Mail = s.mail
	out.Forms = s.visitorForms(v.AccountID)
	return out, nil
}

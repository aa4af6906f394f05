package demo

import (
	"bytes"
	"context"
	_ "embed" // the promotion's picture
	"fmt"
	"io"
	"slices"

	"github.com/aceno-chat/aceno/internal/outreach"
	"github.com/aceno-chat/aceno/internal/trigger"
)

//go:embed promotion.png
var promotionPicture []byte

// Outreach is what the demo's invites and promotions are made with; outreach.Service is it.
type Outreach interface {
	List(accountID string) []outreach.Template
	AddImage(ctx context.Context, accountID string, content io.Reader) (outreach.Image, error)
	Create(ctx context.Context, accountID string, kind outreach.Kind, c outreach.Changes) (outreach.Template, error)
}

// prepared is an invite or a promotion of the demo.
type prepared struct {
	kind       outreach.Kind
	name       string
	texts      outreach.Texts
	path       string // of the shop, for a promotion
	department string
	picture    bool
	seconds    int
	position   outreach.Position
}

var preparations = []prepared{
	{
		kind: outreach.Invite, name: "Posso ajudar?", position: outreach.BottomRight,
		texts: outreach.Texts{
			PT: outreach.Text{Title: "Oi! Posso ajudar?", Text: "Tire suas dúvidas com quem já subiu a trilha.", Button: "Conversar"},
			EN: outreach.Text{Title: "Hi! May I help?", Text: "Ask somebody who has walked the trail.", Button: "Chat"},
			ES: outreach.Text{Title: "¡Hola! ¿Puedo ayudar?", Text: "Pregunte a quien ya subió la montaña.", Button: "Conversar"},
		},
	},
	{
		kind: outreach.Invite, name: "Dúvida no tamanho", department: "Vendas", position: outreach.BottomLeft, seconds: 60,
		texts: outreach.Texts{
			PT: outreach.Text{Title: "Em dúvida no tamanho?", Text: "Diga o número do seu tênis e indicamos a bota certa.", Button: "Perguntar"},
			EN: outreach.Text{Title: "Not sure about the size?", Text: "Tell us your shoe size and we find the right boot.", Button: "Ask"},
			ES: outreach.Text{Title: "¿Dudas con la talla?", Text: "Díganos su número y le indicamos la bota correcta.", Button: "Preguntar"},
		},
	},
	{
		kind: outreach.Promotion, name: "Barracas com frete grátis", path: "/produtos/barracas", picture: true, position: outreach.BottomLeft, seconds: 90,
		texts: outreach.Texts{PT: outreach.Text{Title: "Barracas com frete grátis", Button: "Ver as barracas"}},
	},
	{
		kind: outreach.Promotion, name: "10% na primeira compra", path: "/produtos", position: outreach.TopRight, seconds: 60,
		texts: outreach.Texts{
			PT: outreach.Text{Title: "10% na primeira compra", Text: "Use o cupom PRIMEIRATRILHA no carrinho.", Button: "Escolher"},
			EN: outreach.Text{Title: "10% off your first order", Text: "Use the code PRIMEIRATRILHA in the cart.", Button: "Choose"},
			ES: outreach.Text{Title: "10% en la primera compra", Text: "Use el cupón PRIMEIRATRILHA en el carrito.", Button: "Elegir"},
		},
	},
}

// Triggers is what the demo's rules are made with; trigger.Service is it.
type Triggers interface {
	List(ctx context.Context, accountID string) ([]trigger.Listed, error)
	Create(ctx context.Context, accountID string, d trigger.Draft) (trigger.Trigger, error)
}

// rules returns the demo's rules; templateIDs are those of the invites and promotions by name. The second is there to be tried.
func rules(templateIDs map[string]string) []trigger.Draft {
	return []trigger.Draft{
		{
			Name: "Visitante indeciso", Description: "Viu sete páginas e ainda não falou com ninguém.", Active: true, Delay: 10,
			Once: trigger.PerVisitor, Match: trigger.All,
			Conditions: []trigger.Condition{
				{Field: trigger.Pages, Operator: trigger.AtLeast, Values: []string{"7"}},
				{Field: trigger.AgentsOnline, Operator: trigger.Is, Values: []string{"yes"}},
				{Field: trigger.Invited, Operator: trigger.Is, Values: []string{"no"}},
			},
			Action: trigger.Action{Kind: trigger.Invite, TemplateID: templateIDs["Posso ajudar?"]},
		},
		{
			Name: "Saindo do carrinho", Description: "Vai embora com produtos no carrinho: mostra o cupom da primeira compra.",
			Once: trigger.PerVisitor, Match: trigger.All,
			Conditions: []trigger.Condition{
				{Field: trigger.PageURL, Operator: trigger.Contains, Values: []string{"/carrinho"}},
				{Field: trigger.Leaving, Operator: trigger.Is, Values: []string{"yes"}},
			},
			Action: trigger.Action{Kind: trigger.Promotion, TemplateID: templateIDs["10% na primeira compra"]},
		},
		{
			Name: "Quer comprar", Description: "Chegou ao carrinho depois de olhar a loja: merece atenção.", Active: true,
			Once: trigger.PerVisitor, Match: trigger.All,
			Conditions: []trigger.Condition{
				{Field: trigger.PageURL, Operator: trigger.Contains, Values: []string{"/carrinho"}},
				{Field: trigger.Pages, Operator: trigger.AtLeast, Values: []string{"4"}},
			},
			Action: trigger.Action{Kind: trigger.Lead},
		},
	}
}

func seedTriggers(ctx context.Context, t Triggers, accountID string, templates []outreach.Template) error {
	there, err := t.List(ctx, accountID)
	if err != nil {
		return fmt.Errorf("demo: the triggers: %w", err)
	}
	ids := make(map[string]string)
	for _, template := range templates {
		ids[template.Name] = template.ID
	}
	for _, d := range rules(ids) {
		if slices.ContainsFunc(there, func(l trigger.Listed) bool { return l.Name == d.Name }) {
			continue
		}
		if _, err := t.Create(ctx, accountID, d); err != nil {
			return fmt.Errorf("demo: trigger %s: %w", d.Name, err)
		}
	}
	return nil
}

// seedOutreach prepares what agents may send in the shop, which stands at shopHost.
func seedOutreach(ctx context.Context, o Outreach, accountID, shopHost string, departmentIDs map[string]string) error {
	there := o.List(accountID)
	for _, p := range preparations {
		if slices.ContainsFunc(there, func(t outreach.Template) bool { return t.Kind == p.kind && t.Name == p.name }) {
			continue
		}
		c := outreach.Changes{Name: &p.name, Texts: &p.texts, Position: &p.position, Seconds: &p.seconds}
		if p.path != "" {
			c.Link = new("http://" + shopHost + p.path)
		}
		if p.department != "" {
			c.DepartmentID = new(departmentIDs[p.department])
		}
		if p.picture {
			picture, err := o.AddImage(ctx, accountID, bytes.NewReader(promotionPicture))
			if err != nil {
				return fmt.Errorf("demo: the picture of %s: %w", p.name, err)
			}
			c.Style, c.ImageID, c.ImageAlt = new(outreach.PictureAlone), &picture.ID, &p.texts.PT.Title
		}
		if _, err := o.Create(ctx, accountID, p.kind, c); err != nil {
			return fmt.Errorf("demo: %s: %w", p.name, err)
		}
	}
	return nil
}

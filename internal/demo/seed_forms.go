package demo

import (
	"context"
	"fmt"
	"slices"

	"github.com/aceno-chat/aceno/internal/form"
)

// Forms is what the demo's forms are made with; form.Service is it.
type Forms interface {
	List(accountID string) []form.Form
	Create(ctx context.Context, accountID string, kind form.Kind, d form.Draft) (form.Form, error)
}

// forms returns the demo's forms by kind; ids are the departments' by name.
func forms(ids map[string]string) map[form.Kind]form.Draft {
	option := func(value, pt, en, es string) form.Option {
		return form.Option{Value: value, Label: form.Texts{PT: pt, EN: en, ES: es}}
	}
	return map[form.Kind]form.Draft{
		form.Identification: {Name: "Identificação", Fields: []form.Field{
			{
				ID: "order_number", Type: form.Short, MaxLength: 20, DepartmentIDs: []string{ids["Suporte"], ids["Financeiro"]},
				Label: form.Texts{PT: "Número do pedido", EN: "Order number", ES: "Número del pedido"},
			},
			{
				ID: "cpf", Type: form.CPF, DepartmentIDs: []string{ids["Financeiro"]},
				Label: form.Texts{PT: "CPF", EN: "CPF (Brazilian tax number)", ES: "CPF (número fiscal de Brasil)"},
			},
		}},
		form.Conversation: {Name: "Registro do atendimento", Fields: []form.Field{
			{
				ID: "reason", Type: form.Choice, Required: true, Label: form.Texts{PT: "Motivo", EN: "Reason", ES: "Motivo"},
				Options: []form.Option{
					option("product", "Dúvida sobre produto", "Question about a product", "Duda antes de comprar"),
					option("order", "Pedido e entrega", "Order and delivery", "Pedido y entrega"),
					option("exchange", "Troca ou garantia", "Exchange or warranty", "Cambio o garantía"),
					option("payment", "Pagamento", "Payment", "Pago"),
				},
			},
			{ID: "solved", Type: form.Checkbox, Label: form.Texts{PT: "Resolvido", EN: "Solved", ES: "Resuelto"}},
			{ID: "remarks", Type: form.Long, MaxLength: 500, Label: form.Texts{PT: "Observações", EN: "Remarks", ES: "Observaciones"}},
		}},
	}
}

func seedForms(ctx context.Context, f Forms, accountID string, departmentIDs map[string]string) error {
	there := f.List(accountID)
	for kind, d := range forms(departmentIDs) {
		if slices.ContainsFunc(there, func(one form.Form) bool { return one.Kind == kind }) {
			continue
		}
		d.Active = true
		if _, err := f.Create(ctx, accountID, kind, d); err != nil {
			return fmt.Errorf("demo: form %s: %w", d.Name, err)
		}
	}
	return nil
}

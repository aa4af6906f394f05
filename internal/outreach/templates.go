package outreach

import (
	"context"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Create makes a template. Errors: Validation (name is taken when the account has one of the kind with it), TemplateLimit.
func (s *Service) Create(ctx context.Context, accountID string, kind Kind, c Changes) (Template, error) {
	var made Template
	err := s.store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		n, err := countTemplates(ctx, tx, accountID)
		if err != nil {
			return err
		}
		if n >= TemplatesMax {
			return fault.New(fault.TemplateLimit).With("limit", TemplatesMax)
		}
		if made, err = s.changed(ctx, tx, accountID, blank(kind), c); err != nil {
			return err
		}
		made.ID, made.UpdatedAt = s.idents.New(), s.now()
		if err := insertTemplate(ctx, tx, accountID, made); err != nil {
			return nameTaken(err)
		}
		return s.log.Append(ctx, tx, accountID, TemplateSaved{Template: made})
	})
	if err != nil {
		return Template{}, err
	}
	return made, s.log.Settle(ctx, accountID)
}

// Update changes a template of the account. Errors: NotFound, Validation as in Create, StaleWrite.
func (s *Service) Update(ctx context.Context, accountID, id string, c Changes) (Template, error) {
	var to Template
	err := s.store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		from, err := selectTemplate(ctx, tx, accountID, id)
		if err != nil {
			return err
		}
		if to, err = s.changed(ctx, tx, accountID, from, c); err != nil {
			return err
		}
		to.UpdatedAt = max(s.now(), from.UpdatedAt+1)
		ok, err := updateTemplate(ctx, tx, accountID, to, from.UpdatedAt)
		if err != nil {
			return nameTaken(err)
		}
		if !ok {
			return fault.New(fault.StaleWrite)
		}
		return s.log.Append(ctx, tx, accountID, TemplateSaved{Template: to})
	})
	if err != nil {
		return Template{}, err
	}
	return to, s.log.Settle(ctx, accountID)
}

// changed applies the changes and checks the whole. The picture and the departments must be the account's.
func (s *Service) changed(ctx context.Context, tx *store.Tx, accountID string, t Template, c Changes) (Template, error) {
	t = c.apply(t)
	var unknown []fault.Field
	if c.ImageID != nil {
		t.Image = nil
	}
	if c.ImageID != nil && *c.ImageID != "" {
		image, ok, err := imageOf(ctx, tx, accountID, *c.ImageID)
		if err != nil {
			return Template{}, err
		}
		t.Image = &image
		if !ok {
			unknown = append(unknown, fault.Field{Name: "image_id", Code: fault.FieldUnknown})
		}
	}
	if t.DepartmentID != nil {
		if ok, err := s.departments.InAccount(ctx, tx, accountID, []string{*t.DepartmentID}); err != nil {
			return Template{}, err
		} else if !ok {
			unknown = append(unknown, fault.Field{Name: "department_id", Code: fault.FieldUnknown})
		}
	}
	if ok, err := s.departments.InAccount(ctx, tx, accountID, t.UsableBy.DepartmentIDs); err != nil {
		return Template{}, err
	} else if !ok {
		unknown = append(unknown, fault.Field{Name: "usable_by.department_ids", Code: fault.FieldUnknown})
	}
	t, err := t.check(domainsOf(s.sites.List(accountID)))
	if unknown = append(unknown, fault.FieldsOf(err)...); len(unknown) > 0 {
		return Template{}, fault.Invalid(unknown...)
	}
	return t, err
}

func nameTaken(err error) error {
	if store.IsUnique(err) {
		return fault.Invalid(fault.Field{Name: "name", Code: fault.FieldTaken})
	}
	return fmt.Errorf("outreach: save a template: %w", err)
}

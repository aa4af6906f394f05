package agent_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

func TestLanguage_IsTheBaseOfATag(t *testing.T) {
	for tag, want := range map[string]string{
		"pt-BR": "pt", "pt": "pt", "EN_us": "en", "zh-Hant-TW": "zh", "deu": "de", "": "", "not a tag": "", "und": "", "x-any": "",
	} {
		if got := agent.Language(tag); got != want {
			t.Errorf("%q: %q, want %q", tag, got, want)
		}
	}
}

func TestNew_ChecksLanguagesAndSkills(t *testing.T) {
	valid := agent.New{Login: "ana", Name: "Ana", Email: "ana@example.com", Password: "password-1", Role: access.Agent}
	n := valid
	n.Phone, n.Languages, n.Skills = " +55 11 91234-5678 ", []string{"pt-BR", "en", "pt"}, []string{"Fiscal", " vendas ", "fiscal"}
	got, err := n.Check()
	if err != nil {
		t.Fatal(err)
	}
	if got.Phone != "+55 11 91234-5678" || !slices.Equal(got.Languages, []string{"en", "pt"}) || !slices.Equal(got.Skills, []string{"fiscal", "vendas"}) {
		t.Errorf("%+v", got)
	}
	for name, spoil := range map[string]func(*agent.New){
		"phone":     func(n *agent.New) { n.Phone = strings.Repeat("9", agent.PhoneMax+1) },
		"languages": func(n *agent.New) { n.Languages = []string{"pt", "klingonese"} },
		"skills":    func(n *agent.New) { n.Skills = []string{strings.Repeat("x", agent.SkillMax+1)} },
	} {
		n := valid
		spoil(&n)
		_, err := n.Check()
		f, ok := errors.AsType[*fault.Error](err)
		if !ok || len(f.Fields) != 1 || f.Fields[0].Name != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	many := valid
	many.Skills = make([]string, agent.SkillsMax+1)
	many.Languages = make([]string, agent.LanguagesMax+1)
	if _, err := many.Check(); err == nil {
		t.Error("too many are accepted")
	}
}

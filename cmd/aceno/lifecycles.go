package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/routing"
)

type lifecyclesCommand struct{}

// Run prints docs/lifecycles.md.
func (lifecyclesCommand) Run() error {
	return writeLifecycles(os.Stdout)
}

// lifecycle is a table of transitions as the page shows it.
type lifecycle struct {
	title, about, begin string
	moves               []move
}

// move is one transition.
type move struct{ name, from, to string }

// when tells for each life cycle what makes a transition happen; one that is not here makes the page fail to be written.
var when = map[string]map[string]string{
	"Conversation": {
		"claimed":     "an agent took the next in queue, or the panel showed an offer of the roulette",
		"returned":    "its agent was away for too long, or did not write in time: back to the queue, where the first entry counts",
		"ended":       "visitor, agent, supervisor or a rule ended it",
		"abandoned":   "the visitor left before being attended",
		"handed_over": "another agent accepted a transfer, or a supervisor took it over",
		"requeued":    "it was transferred to a department",
	},
	"Offer": {
		"shown":        "the agent's panel acknowledged that it shows the offer: the conversation is claimed in the same write",
		"expired":      "the deadline passed before that; the same agent is not asked again while another is able",
		"withdrawn":    "the visitor left, another agent pulled the conversation, or the agent is no longer able",
		"not answered": "the agent did not write in time: the conversation goes back to the queue, once",
	},
}

func lifecycles() []lifecycle {
	talk := lifecycle{
		title: "Conversation", begin: string(conversation.Waiting),
		about: "The table is `conversation.Transitions()`. Each transition is one conditional update that names the state it comes from; " +
			"affected rows decide races.",
	}
	for _, t := range conversation.Transitions() {
		talk.moves = append(talk.moves, move{t.Name, string(t.From), string(t.To)})
	}
	offer := lifecycle{
		title: "Offer", begin: string(routing.Offered),
		about: "The table is `routing.OfferTransitions()`. While an offer stands its conversation is still waiting; an offer whose conversation " +
			"was answered in time stays accepted.",
	}
	for _, t := range routing.OfferTransitions() {
		offer.moves = append(offer.moves, move{t.Name, string(t.From), string(t.To)})
	}
	return []lifecycle{talk, offer}
}

// writeLifecycles writes the page.
func writeLifecycles(w io.Writer) error {
	var page strings.Builder
	page.WriteString("# Life cycles\n\n<!-- Written by `make generate` from the tables in the code. Change those. -->\n\n" +
		"The states of a conversation and of an offer, and everything that may happen to them. There are no other transitions. " +
		"Words are in the [glossary](glossary.md).\n")
	for _, l := range lifecycles() {
		if err := l.write(&page); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, page.String())
	return err
}

func (l lifecycle) write(page *strings.Builder) error {
	fmt.Fprintf(page, "\n## %s\n\n%s\n\n```mermaid\nstateDiagram-v2\n    [*] --> %s\n", l.title, l.about, l.begin)
	goesOn := map[string]bool{}
	for _, m := range l.moves {
		goesOn[m.from] = true
		fmt.Fprintf(page, "    %s --> %s: %s\n", m.from, m.to, m.name)
	}
	for _, m := range l.moves {
		if !goesOn[m.to] {
			goesOn[m.to] = true // once is enough
			fmt.Fprintf(page, "    %s --> [*]\n", m.to)
		}
	}
	page.WriteString("```\n\n| transition | from | to | when |\n|---|---|---|---|\n")
	for _, m := range l.moves {
		why, ok := when[l.title][m.name]
		if !ok {
			return fmt.Errorf("life cycles: nothing is said of when a %s is %q", strings.ToLower(l.title), m.name)
		}
		fmt.Fprintf(page, "| %s | %s | %s | %s |\n", m.name, m.from, m.to, why)
	}
	return nil
}

package conversation

const statement = "SELECT id FROM conversations" // want sql

// Prose that begins like a statement is not one.
const prose = "Update the conversation, then select an agent"

type builder struct{}

func (builder) NewSelect() builder { return builder{} }

func claim(b builder) { b.NewSelect() } // want sql

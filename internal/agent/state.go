package agent

import "time"

// AwakeFor is how long a panel is believed to be awake after its last sign of life. Panels give one every five seconds, from a worker's
// timer that browsers do not slow down, answered by the page itself: one that hangs or sleeps misses three of them.
const AwakeFor = 15 * time.Second

// Signs are what a panel says of itself at each sign of life.
type Signs struct {
	// Awake says that the page answers: the browser has not frozen it, and it is not hanging.
	Awake bool
	// Sound says that the browser lets the panel make a sound, Quiet that the agent switched sounds off.
	Sound, Quiet bool
}

// State is how present an agent is (B08): the wish, the connection, a panel that is awake, and one that can be heard, each for itself.
type State struct {
	AccountID string `json:"-"`
	AgentID   string `json:"id" format:"uuid"`
	// Status is the wish.
	Status Status `json:"status" enum:"online,busy,offline"`
	// Present is the wish not to be offline, and Live.
	Present bool `json:"present" doc:"Not offline by wish, and connected within the last 30 s."`
	// Live is a connection, or one lost less than Grace ago, whatever the wish: when it ends, nobody looks after the conversations.
	Live bool `json:"-"`
	// Connected is a connection now.
	Connected bool `json:"connected" doc:"A panel is connected now."`
	// Awake says that a connected panel is on a screen and not asleep, Sound that it may make one, Quiet that the agent wants none.
	Awake bool `json:"awake" doc:"A connected panel answered within the last 15 s."`
	Sound bool `json:"sound" doc:"The browser lets a connected panel make a sound."`
	Quiet bool `json:"quiet" doc:"The agent switched sounds off."`
	// Ready is all of it: an active agent who wishes to be online, is connected, awake, and will hear of a visitor or wants to hear nothing.
	Ready bool `json:"ready" doc:"Online by wish, connected, awake, and with sound, unless sounds are switched off: may be offered a conversation."`
}

func (e *entry) state(agentID string) State {
	s := State{
		AccountID: e.accountID, AgentID: agentID, Status: e.agent.Status, Present: e.present(), Live: e.live(),
		Connected: len(e.connections) > 0,
	}
	for _, c := range e.connections {
		s.Awake = s.Awake || c.Awake
		s.Sound = s.Sound || c.Sound
		s.Quiet = s.Quiet || c.Quiet
	}
	s.Ready = e.known && e.agent.Active && s.Status == Online && s.Connected && s.Awake && (s.Sound || s.Quiet)
	return s
}

// Ready says whether the agent may be offered a conversation now; see State.
func (p *Presence) Ready(agentID string) bool {
	s, _ := p.State(agentID)
	return s.Ready
}

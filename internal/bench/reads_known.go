package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aceno-chat/aceno/internal/bench/history"
)

// reads is a floor with one conversation, of the visitor with the longest past, and what is known of the account beside it.
type reads struct {
	*floor
	// known are the values for routes: by the route's path up to the value, or by the value's name in variants. unknown says why one is not.
	known   map[string]string
	unknown map[string]error
}

// prepare makes what the routes ask for, and finds it. What can't be made or found is told with the routes that need it.
func (r *reads) prepare(ctx context.Context) error {
	r.unknown = map[string]error{}
	if err := r.seat(ctx, 1); err != nil {
		return err
	}
	v, err := r.visit(ctx, 0, "", false, netip.Addr{})
	if err != nil {
		return err
	}
	t := &talk{visitor: v}
	r.talks = []*talk{t}
	r.readers.Go(func() { v.listen(func(string, []byte) {}) })
	if t.id, err = r.ask(ctx, v, history.LoyalEmail); err != nil {
		return err
	}
	if err := r.claim(ctx); err != nil {
		return err
	}
	r.known["conversation"], r.known["/api/conversations/{id}"], r.known["department"] = t.id, t.id, r.departmentID
	now := time.Now()
	r.known["last month"] = strconv.FormatInt(now.AddDate(0, -1, 0).UnixMilli(), 10)
	r.known["last year"] = strconv.FormatInt(now.AddDate(-1, 0, 0).UnixMilli(), 10)
	r.make(ctx, t)
	r.find(ctx)
	return ctx.Err() //nolint:wrapcheck // it was interrupted
}

// make makes what a new account does not have.
func (r *reads) make(ctx context.Context, t *talk) {
	conversation := "/api/conversations/" + t.id
	message := struct {
		Sequence int64 `json:"sequence"`
	}{}
	err := r.calls.call(ctx, t.seat.who, http.MethodPost, conversation+"/messages", map[string]string{
		"client_id": r.run + ".first", "text": words, "audience": "visitor",
	}, &message)
	if sequence := strconv.FormatInt(message.Sequence, 10); err == nil {
		err = r.calls.call(ctx, t.seat.who, http.MethodPatch, conversation+"/messages/"+sequence, map[string]string{"text": words + "!"}, nil)
		r.learn("/api/conversations/{id}/messages/{sequence}", sequence, err)
	} else {
		r.learn("/api/conversations/{id}/messages/{sequence}", "", err)
	}
	id, err := r.upload(ctx, t.seat.who, conversation+"/files", map[string]string{"client_id": r.run + ".file", "audience": "visitor"})
	r.learn("/api/files/{id}", id, err)

	room := "/api/team/rooms/" + r.departmentID
	err = r.calls.call(ctx, r.admin, http.MethodPost, room+"/messages", map[string]any{"client_id": r.run + ".team", "text": words, "mentions": []string{}}, nil)
	r.learn("/api/team/rooms/{id}", r.departmentID, err)
	id, err = r.upload(ctx, r.admin, room+"/files", map[string]string{"client_id": r.run + ".team.file"})
	r.learn("/api/team/files/{id}", id, err)

	made := struct {
		ID string `json:"id"`
	}{}
	err = r.calls.call(ctx, r.admin, http.MethodPost, "/api/integrations", map[string]any{
		"name": "Bench " + r.run, "url": "https://bench.example/frame", "active": true,
	}, &made)
	r.learn("/api/integrations/{id}", made.ID, err)
	err = r.calls.call(ctx, t.visitor.who, http.MethodPost, "/v/contacts", map[string]any{
		"client_id": r.run + ".contact", "department_id": r.departmentID, "name": "Visitante", "email": history.LoyalEmail, "phone": "", "subject": "",
		"message": words, "answers": map[string]any{},
	}, &made)
	r.learn("/api/contacts/{id}", made.ID, err)
}

// learn keeps a value, or why there is none.
func (r *reads) learn(key, value string, err error) {
	switch {
	case err != nil:
		r.unknown[key] = err
	case value == "":
		r.unknown[key] = errors.New("there is none")
	default:
		r.known[key] = value
		delete(r.unknown, key)
	}
}

// find looks for what is there. A later line is surer than an earlier one of the same key, if it finds something.
func (r *reads) find(ctx context.Context) {
	conversation := "/api/conversations/" + r.known["conversation"]
	for _, f := range []struct{ key, list, at string }{
		{"agent", "/api/session", "agent.id"},
		{"/api/agents/{id}", "/api/agents", "agents.-1.id"},
		{"/api/sites/{id}", "/api/sites", "sites.0.id"},
		{"site", "/api/sites", "sites.0.id"},
		{"/api/routing/decisions/{id}", "/api/routing/decisions?conversation=" + r.known["conversation"], "decisions.0.id"},
		{"visitor", conversation, "visitor_id"},
		// Those with a past, where there is one: of a person, of a room.
		{"visitor", conversation + "/history", "conversations.0.conversation.visitor_id"},
		{"department", "/api/contacts?state=answered", "contacts.0.department_id"},
	} {
		value, err := r.pick(ctx, f.list, f.at)
		if _, known := r.known[f.key]; known && (err != nil || value == "") {
			continue
		}
		r.learn(f.key, value, err)
	}
	r.follow(ctx, "old number", conversation+"/history", "oldest")
	r.follow(ctx, "old contact", "/api/contacts?limit=100", "contacts.-1.id")
	r.follow(ctx, "old lead", "/api/leads?limit=100", "leads.-1.id")
	r.follow(ctx, "old entry", "/api/audit?limit=100", "entries.-1.sequence")
	r.longestRoom(ctx)
}

// followed is how many pages are turned to look at an old one.
const followed = 10

// follow turns the pages of a list and keeps where the last of them began.
func (r *reads) follow(ctx context.Context, key, list, at string) {
	before := ""
	for range followed {
		page := list
		if before != "" {
			page += map[bool]string{true: "&", false: "?"}[strings.Contains(list, "?")] + "before=" + url.QueryEscape(before)
		}
		next, err := r.pick(ctx, page, at)
		if err != nil {
			r.learn(key, "", err)
			return
		}
		if next == "" || next == "0" {
			break
		}
		before = next
	}
	r.learn(key, before, nil)
}

// longestRoom takes the room in which the most was said.
func (r *reads) longestRoom(ctx context.Context) {
	var list struct {
		Rooms []struct {
			ID           string `json:"id"`
			LastSequence int64  `json:"last_sequence"`
		} `json:"rooms"`
	}
	if err := r.calls.call(ctx, r.admin, http.MethodGet, "/api/team/rooms", nil, &list); err != nil {
		r.learn("/api/team/rooms/{id}", "", err)
		return
	}
	most := int64(0)
	for _, room := range list.Rooms {
		if room.LastSequence > most {
			most = room.LastSequence
			r.learn("/api/team/rooms/{id}", room.ID, nil)
		}
	}
}

// pick reads an answer and returns the text or number at a place in it, as contacts.0.id or, of the last, contacts.-1.id; empty when
// there is none.
func (r *reads) pick(ctx context.Context, path, at string) (string, error) {
	text, err := r.calls.send(ctx, r.admin, http.MethodGet, path, nil)
	if err != nil {
		return "", fmt.Errorf("GET %s: %w", path, err)
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		return "", fmt.Errorf("bench: %s: %w", path, err)
	}
	for key := range strings.SplitSeq(at, ".") {
		switch in := value.(type) {
		case map[string]any:
			value = in[key]
		case []any:
			k, err := strconv.Atoi(key)
			if err != nil {
				return "", fmt.Errorf("bench: %s: %w", path, err)
			}
			if k < 0 {
				k += len(in)
			}
			if k < 0 || k >= len(in) {
				return "", nil
			}
			value = in[k]
		default:
			return "", nil
		}
	}
	switch found := value.(type) {
	case string:
		return found, nil
	case json.Number:
		return found.String(), nil
	}
	return "", nil
}

// upload sends a small file as a browser does and returns its identifier.
func (r *reads) upload(ctx context.Context, who identity, path string, values map[string]string) (string, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range values {
		if err := form.WriteField(name, value); err != nil {
			return "", fmt.Errorf("bench: %w", err)
		}
	}
	part, err := form.CreateFormFile("file", "bench.txt")
	if err == nil {
		_, err = io.WriteString(part, words)
	}
	if err := errors.Join(err, form.Close()); err != nil {
		return "", fmt.Errorf("bench: %w", err)
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url+path, &body)
	if err != nil {
		return "", fmt.Errorf("bench: %w", err)
	}
	q.Header = who.header()
	q.Header.Set("Content-Type", form.FormDataContentType())
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		return "", fmt.Errorf("bench: %w", err)
	}
	defer answer.Body.Close() //nolint:errcheck // it was read
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return "", fmt.Errorf("bench: %w", err)
	}
	if answer.StatusCode >= http.StatusMultipleChoices {
		return "", fmt.Errorf("POST %s: %w", path, &refused{Status: answer.StatusCode, Body: string(text)})
	}
	var message struct {
		File struct {
			ID string `json:"id"`
		} `json:"file"`
	}
	if err := json.Unmarshal(text, &message); err != nil {
		return "", fmt.Errorf("bench: %s: %w", path, err)
	}
	return message.File.ID, nil
}

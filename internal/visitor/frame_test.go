package visitor

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/aceno-chat/aceno/internal/platform/edge"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

const helloFrame = `{"t":"hello","tab":"t1","url":"https://shop.example/","title":"Shop","referrer":"","language":"pt-BR","screen":"1366x768","time_zone":"America/Sao_Paulo","hidden":false,"monitoring":true,"resumed":false}`

func TestAdmit_BySiteAndOrigin(t *testing.T) {
	w := newWorld(t, func(o *Options) {
		o.ClientAddr = func(*http.Request) netip.Addr { return netip.MustParseAddr("1.2.3.4") }
		o.Sites = append(o.Sites.(sites), shopOff)
	})
	for name, row := range map[string]struct {
		key, origin string
		want        fault.Code
	}{
		"allowed":             {"key", "https://shop.example", ""},
		"another origin":      {"key", "https://evil.example", fault.OriginRefused},
		"no origin":           {"key", "", fault.OriginRefused},
		"null origin":         {"key", "null", fault.OriginRefused},
		"everywhere":          {"other-key", "null", ""},
		"unknown key":         {"nope", "https://shop.example", fault.SiteUnknown},
		"no key":              {"", "https://shop.example", fault.SiteUnknown},
		"a site switched off": {"off", "https://shop.example", fault.SiteUnknown},
	} {
		r := httptest.NewRequest(http.MethodGet, "/v/socket?k="+row.key, http.NoBody)
		r.Header.Set("Origin", row.origin)
		value, err := w.live.Admit(r)
		if fault.CodeOf(err) != row.want {
			t.Errorf("%s: %v, want %q", name, err, row.want)
		}
		if err == nil && value.(*Tab).origin.IP.String() != "1.2.3.4" {
			t.Errorf("%s: address %v", name, value.(*Tab).origin.IP)
		}
	}
}

func TestHello_IsWelcomed(t *testing.T) {
	w := newWorld(t, nil)
	w.talks.open = map[string]any{"id": "c1", "state": "waiting", "unread": 2}
	c := w.connect()
	c.say(helloFrame)
	welcome := c.hear("welcome")
	claims, ok := verify(w.live.options.Box, welcome["token"].(string), w.live.now())
	if !ok || !c.greeted || claims.VisitID != welcome["visit"] || welcome["online"] != true || welcome["language"] != "en" ||
		welcome["conversation"].(map[string]any)["unread"] != 2.0 {
		t.Errorf("%v, %+v", welcome, claims)
	}
	if n := w.live.Push(claims.VisitorID, []byte(`{"t":"online","online":false}`)); n != 1 || c.hear("online")["online"] != false {
		t.Errorf("pushed to %d", n)
	}
	if n := w.live.Broadcast("account", []byte(`{"t":"online","online":true}`)); n != 1 || c.hear("online")["online"] != true {
		t.Errorf("broadcast to %d", n)
	}
	if n := w.live.Broadcast("another", []byte(`{}`)) + w.live.Push("nobody", []byte(`{}`)); n != 0 {
		t.Errorf("%d strangers heard", n)
	}

	w.talks.open = nil
	second := w.connect()
	second.say(strings.Replace(helloFrame, `"tab":"t1"`, `"tab":"t2","token":"`+welcome["token"].(string)+`"`, 1))
	if got := second.hear("welcome"); got["visit"] != welcome["visit"] || got["conversation"] != nil {
		t.Errorf("another visit: %v", got)
	}
	second.tab.Close()
	c.tab.Close()
	w.pass(time.Minute)
	if len(w.grid.visits) != 0 {
		t.Error("still there")
	}
}

func TestHello_RefusedEndsTheConnection(t *testing.T) {
	long := strings.Repeat("x", 2100)
	for name, row := range map[string]struct{ change, to, want string }{
		"no tab":              {`"tab":"t1"`, `"tab":""`, "tab:required"},
		"long tab":            {`"tab":"t1"`, `"tab":"` + long[:65] + `"`, "tab:too_long"},
		"no address":          {`"url":"https://shop.example/"`, `"url":""`, "url:required"},
		"script address":      {`"url":"https://shop.example/"`, `"url":"javascript:alert(1)"`, "url:invalid"},
		"file address":        {`"url":"https://shop.example/"`, `"url":"file:///etc/passwd"`, "url:invalid"},
		"relative address":    {`"url":"https://shop.example/"`, `"url":"/page"`, "url:invalid"},
		"another site":        {`"url":"https://shop.example/"`, `"url":"https://evil.example/"`, "url:invalid"},
		"look-alike":          {`"url":"https://shop.example/"`, `"url":"https://shop.example.evil.example/"`, "url:invalid"},
		"controls in address": {`"url":"https://shop.example/"`, `"url":"https://shop.example/\u0001"`, "url:invalid"},
		"long address":        {`"url":"https://shop.example/"`, `"url":"https://shop.example/` + long + `"`, "url:too_long"},
		"long title":          {`"title":"Shop"`, `"title":"` + long[:301] + `"`, "title:too_long"},
		"long referrer":       {`"referrer":""`, `"referrer":"https://x.example/` + long + `"`, "referrer:too_long"},
		"language":            {`"language":"pt-BR"`, `"language":"<b>"`, "language:invalid"},
		"screen":              {`"screen":"1366x768"`, `"screen":"big"`, "screen:invalid"},
		"long screen":         {`"screen":"1366x768"`, `"screen":"1366x768000"`, "screen:invalid"},
		"time zone":           {`"time_zone":"America/Sao_Paulo"`, `"time_zone":"a b"`, "time_zone:invalid"},
		"long name":           {`"tab":"t1"`, `"tab":"t1","name":"` + long[:101] + `"`, "name:too_long"},
		"bad email":           {`"tab":"t1"`, `"tab":"t1","email":"maria"`, "email:invalid"},
		"long email":          {`"tab":"t1"`, `"tab":"t1","email":"` + long[:250] + `@x.example"`, "email:too_long"},
		"nested field":        {`"tab":"t1"`, `"tab":"t1","fields":{"a":{}}`, "fields:invalid"},
		"list field":          {`"tab":"t1"`, `"tab":"t1","fields":{"a":[1]}`, "fields:invalid"},
		"long key":            {`"tab":"t1"`, `"tab":"t1","fields":{"` + long[:41] + `":"a"}`, "fields:too_long"},
		"no key":              {`"tab":"t1"`, `"tab":"t1","fields":{"":"a"}`, "fields:required"},
		"long value":          {`"tab":"t1"`, `"tab":"t1","fields":{"a":"` + long[:201] + `"}`, "fields:too_long"},
		"too many fields":     {`"tab":"t1"`, `"tab":"t1","fields":` + manyFields(21), "fields:too_many"},
	} {
		w := newWorld(t, nil)
		c := w.connect()
		c.say(strings.Replace(helloFrame, row.change, row.to, 1))
		code, fields := c.refused()
		if code != "validation" || !slices.Contains(fields, row.want) || c.code != edge.CodeProtocol || c.greeted {
			t.Errorf("%s: %s %v, closed with %d", name, code, fields, c.code)
		}
		if len(w.grid.visits) != 0 || w.live.Stats("account").Visits != 0 {
			t.Errorf("%s: came in", name)
		}
	}
}

func manyFields(n int) string {
	fields := map[string]string{}
	for i := range n {
		fields[fmt.Sprint(i)] = "x"
	}
	data, _ := json.Marshal(fields)
	return string(data)
}

func TestHello_IsCleaned(t *testing.T) {
	w := newWorld(t, nil)
	c := w.connect()
	c.say(`{"t":"hello","tab":"t1","url":"https://user:secret@shop.example/","title":" a\u0000b\u2028c\u202e ","referrer":"android-app://com.google/",
		"name":"Mar\u0007ia","fields":{"b":2,"a":true,"c":null,"d":" x\n"}}`)
	v := w.one()
	if v.PageURL.String() != "https://shop.example/" || v.PageTitle.String() != "a b c" || v.Referrer.String() != "" || v.Name() != "Mar ia" ||
		!slices.Equal(v.Fields(), []Field{{"a", "true"}, {"b", "2"}, {"d", "x"}}) {
		t.Errorf("%+v %+v", v, v.Identity)
	}
}

func TestHello_OfAPageWrittenIntoAFrame(t *testing.T) {
	w := newWorld(t, nil)
	c := w.connect()
	c.say(`{"t":"hello","tab":"t1","url":"about:srcdoc","referrer":"https://shop.example/help"}`)
	c.hear("welcome")
	c.say(`{"t":"page","url":"about:srcdoc","title":"Later","referrer":"https://shop.example/help"}`)
	if v := w.one(); v.PageURL.String() != "https://shop.example/help" || v.Referrer.String() != "" || v.PageTitle.String() != "Later" || v.Pages != 1 {
		t.Errorf("%+v", v)
	}
	other := w.connect()
	other.say(`{"t":"hello","tab":"t2","url":"about:srcdoc","referrer":"https://elsewhere.example/"}`)
	if refused := other.hear("error"); refused["ref"] != "hello" {
		t.Errorf("%v", refused)
	}
}

func TestFrames_ThatEndTheConnection(t *testing.T) {
	for name, frames := range map[string][]string{
		"no JSON":            {`hello`},
		"a list":             {`[]`},
		"a wrong type":       {`{"t":"hello","tab":1}`},
		"no hello first":     {`{"t":"activity"}`},
		"hello twice":        {helloFrame, helloFrame},
		"nonsense after all": {helloFrame, `{"t":`},
	} {
		w := newWorld(t, nil)
		c := w.connect()
		for _, f := range frames {
			c.say(f)
		}
		if c.code != edge.CodeProtocol {
			t.Errorf("%s: closed with %d", name, c.code)
		}
	}
}

func TestFrames_AfterTheHello(t *testing.T) {
	const conversation = "00000000-0000-7000-8000-0000000000aa"
	w := newWorld(t, nil)
	c := w.connect()
	c.say(helloFrame)
	c.say(`{"t":"page","url":"https://shop.example/cart","title":"Cart","referrer":"https://shop.example/"}`)
	c.say(`{"t":"identify","name":"Maria","fields":{"plan":"gold"}}`)
	c.say(`{"t":"identify","email":"maria@example.com","fields":{"cart":12.5}}`)
	if v := w.one(); v.PageTitle.String() != "Cart" || v.Pages != 2 || v.Name() != "Maria" || v.Email() != "maria@example.com" || len(v.Fields()) != 2 {
		t.Errorf("%+v %+v", v, v.Identity)
	}
	c.say(`{"t":"identify","name":"","fields":{"plan":null}}`)
	if v := w.one(); v.Name() != "" || !slices.Equal(v.Fields(), []Field{{"cart", "12.5"}}) {
		t.Errorf("%+v", v.Identity)
	}
	c.say(`{"t":"hidden","hidden":true}`)
	if !w.one().Hidden {
		t.Error("not hidden")
	}
	w.pass(time.Minute)
	c.say(`{"t":"activity"}`)
	if w.one().ActivityAt != w.live.now() {
		t.Error("no sign of life noted")
	}
	c.say(`{"t":"typing","conversation":"` + conversation + `","text":"ol\u00e1\u0000\nx"}`)
	c.say(`{"t":"seen","conversation":"` + conversation + `","sequence":7}`)
	if heard := w.told(); !slices.Equal(heard, []string{"typing account " + conversation + ` "olá\nx"`, "seen account " + conversation + " 7"}) {
		t.Errorf("conversations heard %q", heard)
	}
	for frame, want := range map[string]string{
		`{"t":"typing","conversation":"` + conversation + `","text":"` + strings.Repeat("x", 501) + `"}`: "validation text:too_long",
		`{"t":"typing","conversation":"c1","text":"x"}`:                                                  "validation conversation:invalid",
		`{"t":"seen","conversation":"` + conversation + `","sequence":-1}`:                               "validation sequence:too_small",
		`{"t":"seen","conversation":"","sequence":1}`:                                                    "validation conversation:invalid",
		`{"t":"page","url":"https://evil.example/"}`:                                                     "validation url:invalid",
		`{"t":"identify","email":"x"}`:                                                                   "validation email:invalid",
		`{"t":"identify","fields":{"a":[]}}`:                                                             "validation fields:invalid",
		`{"t":"dance"}`:                                                                                  "protocol_error ",
	} {
		w.pass(time.Second)
		c.say(frame)
		code, fields := c.refused()
		if got := code + " " + strings.Join(fields, ","); got != want {
			t.Errorf("%s: %s, want %s", frame, got, want)
		}
	}
	if c.code != 0 || w.told() != nil || w.one().PageTitle.String() != "Cart" {
		t.Error("a refused frame did something")
	}
}

func TestFrames_OfAVisitThatIsOverAskForAnotherHello(t *testing.T) {
	w := newWorld(t, nil)
	c := w.connect()
	c.say(helloFrame)
	w.pass(10 * time.Second)
	if status := leave(w, `{"token":"`+c.hear("welcome")["token"].(string)+`","tab":"t1"}`, "https://shop.example"); status != http.StatusNoContent {
		t.Fatalf("leave: %d", status)
	}
	w.pass(time.Minute)
	if len(w.grid.visits) != 0 {
		t.Fatal("still there after its goodbye")
	}
	c.say(`{"t":"activity"}`)
	if c.code != edge.CodeRestart {
		t.Errorf("closed with %d", c.code)
	}
}

func leave(w *world, body, origin string) int {
	r := httptest.NewRequest(http.MethodPost, "/v/leave", strings.NewReader(body))
	r.Header.Set("Origin", origin)
	recorder := httptest.NewRecorder()
	w.live.ServeLeave(recorder, r)
	return recorder.Code
}

func TestLeave(t *testing.T) {
	w := newWorld(t, nil)
	tab := w.enter(page("/"))
	goodbye := func(token, tab string) string { return `{"token":"` + token + `","tab":"` + tab + `"}` }
	for name, row := range map[string]struct {
		body, origin string
		want         int
	}{
		"no JSON":               {"goodbye", "https://shop.example", 400},
		"forged":                {goodbye("a.b", "tab"), "https://shop.example", 401},
		"other origin":          {goodbye(tab.Token(), "tab"), "https://evil.example", 403},
		"too large":             {strings.Repeat("x", 5000), "https://shop.example", 413},
		"another tab":           {goodbye(tab.Token(), "nope"), "https://shop.example", 204},
		"the page before, late": {goodbye(tab.Token(), "tab"), "https://shop.example", 204},
	} {
		if got := leave(w, row.body, row.origin); got != row.want {
			t.Errorf("%s: %d, want %d", name, got, row.want)
		}
	}
	w.pass(20 * time.Second)
	if len(w.grid.visits) != 1 {
		t.Fatal("gone without a goodbye of its own")
	}
	leave(w, goodbye(tab.Token(), "tab"), "https://shop.example")
	w.pass(10 * time.Second)
	tab.Activity() // it was frozen, not gone
	w.pass(20 * time.Second)
	if len(w.grid.visits) != 1 || w.one().Pages != 1 {
		t.Fatal("gone though it is there again")
	}
	leave(w, goodbye(tab.Token(), "tab"), "https://shop.example")
	w.pass(16 * time.Second)
	if len(w.grid.visits) != 0 || leave(w, goodbye(tab.Token(), "tab"), "https://shop.example") != 204 {
		t.Error("still there")
	}
}

func TestVisitor_TokensOfRequests(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Sites = append(o.Sites.(sites), shopOff) })
	tab := w.enter(page("/"))
	off := Claims{VisitorID: "v", SiteID: "off", IssuedAt: w.live.now()}.sign(w.live.options.Box)
	for name, row := range map[string]struct {
		token, origin string
		want          fault.Code
	}{
		"ours":        {tab.Token(), "https://shop.example", ""},
		"same site":   {tab.Token(), "", ""},
		"elsewhere":   {tab.Token(), "https://evil.example", fault.OriginRefused},
		"forged":      {tab.Token() + "x", "https://shop.example", fault.VisitorUnknown},
		"none":        {"", "https://shop.example", fault.VisitorUnknown},
		"site is off": {off, "https://shop.example", fault.VisitorUnknown},
	} {
		info, err := w.live.Visitor(t.Context(), row.token, row.origin)
		if fault.CodeOf(err) != row.want {
			t.Errorf("%s: %v, want %q", name, err, row.want)
		}
		v := tab.Visit()
		if err == nil && (info.AccountID != "account" || info.SiteID != "site" || info.VisitorID != v.VisitorID || info.VisitID != v.ID) {
			t.Errorf("%s: %+v", name, info)
		}
	}
}

// TestSocket_OverTheEdge goes the whole way once: a browser's socket, the edge, the visit.
func TestSocket_OverTheEdge(t *testing.T) {
	w := newWorld(t, nil)
	server := edge.New(w.live, edge.Options{})
	web := httptest.NewServer(http.HandlerFunc(server.ServeSocket))
	defer web.Close()
	c, _, err := websocket.Dial(t.Context(), web.URL+"/v/socket?k=key", &websocket.DialOptions{HTTPHeader: http.Header{
		"Origin": {"https://shop.example"}, "User-Agent": {chrome},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Write(t.Context(), websocket.MessageText, []byte(helloFrame)); err != nil {
		t.Fatal(err)
	}
	_, data, err := c.Read(t.Context())
	if err != nil || !strings.Contains(string(data), `"t":"welcome"`) {
		t.Fatalf("%s, %v", data, err)
	}
	if w.one().Browser.String() != "Chrome 126" {
		t.Errorf("%+v", w.one())
	}
	if err := c.Close(websocket.StatusNormalClosure, ""); err != nil {
		t.Fatal(err)
	}
	if err := server.Shutdown(t.Context(), []byte(`{"t":"bye"}`)); err != nil {
		t.Fatal(err)
	}
	w.pass(time.Minute)
	if w.live.Stats("account") != (Stats{}) {
		t.Error("still there after the end of the connection")
	}
}

func FuzzFrame(f *testing.F) {
	f.Add(helloFrame)
	f.Add(`{"t":"page","url":"https://shop.example/\u0000"}`)
	f.Add(`{"t":"identify","fields":{"a":1e999,"b":null}}`)
	f.Add(`{"t":"typing","conversation":"00000000-0000-7000-8000-0000000000aa","text":"\ud800"}`)
	f.Fuzz(func(t *testing.T, frame string) {
		w := newWorld(t, nil)
		for _, c := range []*fakeConnection{w.connect(), w.connect()} {
			if c.say(helloFrame); len(w.grid.visits) == 1 {
				c.say(frame)
			}
			c.tab.Close()
		}
		c := w.connect()
		c.say(frame)
		c.tab.Close()
		for _, v := range w.grid.visits {
			if len(v.PageURL.String()) > MaxURL || len(v.Fields()) > MaxFields || len([]rune(v.Name())) > MaxName {
				t.Errorf("over a limit: %+v %+v", v, v.Identity)
			}
		}
		w.pass(time.Minute)
		if len(w.grid.visits) != 0 || w.live.Stats("account") != (Stats{}) {
			t.Errorf("left behind: %+v", w.live.Stats("account"))
		}
	})
}

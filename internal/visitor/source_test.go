package visitor

import "testing"

func TestSourceOf(t *testing.T) {
	for _, row := range []struct {
		entry, referrer string
		kind            ReferrerKind
		name            string
	}{
		{"https://shop.example/", "", ReferrerDirect, ""},
		{"https://shop.example/", "https://shop.example/other", ReferrerDirect, ""},
		{"https://shop.example/", "https://www.shop.example/other", ReferrerDirect, ""},
		{"https://shop.example/", "https://www.google.com/", ReferrerSearch, "Google"},
		{"https://shop.example/", "https://www.google.com.br/search?q=x", ReferrerSearch, "Google"},
		{"https://shop.example/", "https://news.google.co.uk/", ReferrerSearch, "Google"},
		{"https://shop.example/", "https://search.brave.com/", ReferrerSearch, "Brave"},
		{"https://shop.example/", "https://duckduckgo.com/", ReferrerSearch, "DuckDuckGo"},
		{"https://shop.example/", "https://L.Facebook.com/l.php", ReferrerSocial, "Facebook"},
		{"https://shop.example/", "https://t.co/abc", ReferrerSocial, "X"},
		{"https://shop.example/", "https://x.com/abc", ReferrerSocial, "X"},
		{"https://shop.example/", "https://web.whatsapp.com/", ReferrerSocial, "WhatsApp"},
		{"https://shop.example/", "https://lnkd.in/x", ReferrerSocial, "LinkedIn"},
		{"https://shop.example/", "https://google.evil.example/", ReferrerSite, "google.evil.example"},
		{"https://shop.example/", "https://notfacebook.com/", ReferrerSite, "notfacebook.com"},
		{"https://shop.example/", "https://www.blog.example/post", ReferrerSite, "blog.example"},
		{"https://shop.example/?utm_source=news&utm_medium=email", "https://www.google.com/", ReferrerCampaign, "news"},
		{"https://shop.example/?utm_campaign=Nat%C3%A1l", "", ReferrerCampaign, "Natál"},
		{"https://shop.example/?gclid=x", "https://www.google.com/", ReferrerCampaign, "Google Ads"},
		{"https://shop.example/?fbclid=x", "https://l.facebook.com/", ReferrerSocial, "Facebook"},
	} {
		if got := sourceOf(row.entry, row.referrer); got.kind != row.kind || got.name != row.name {
			t.Errorf("%s from %q: %s %q, want %s %q", row.entry, row.referrer, got.kind, got.name, row.kind, row.name)
		}
	}
}

func TestBrowsers(t *testing.T) {
	var b browsers
	for header, want := range map[string]struct {
		name, system, device string
		bot                  bool
	}{
		chrome: {"Chrome 126", "Windows 10/11", "desktop", false},
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1": {"Safari 17", "iOS 17", "phone", false},
		"Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36":                  {"Chrome 126", "Android 14", "phone", false},
		"Mozilla/5.0 (Linux; Android 10; CUBOT_X18) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/100.0.0.0 Mobile Safari/537.36":                 {"Chrome 100", "Android 10", "phone", false},
		"Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1":          {"Safari 16", "iOS 16", "tablet", false},
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15":                   {"Safari 17", "macOS", "desktop", false},
		"Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0":                                                                  {"Firefox 127", "Linux", "desktop", false},
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36":                           {"Headless Chrome 126", "Linux", "desktop", true},
		"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)":                                                                {"Googlebot 2", "", "desktop", true},
		"Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)":                                                                  {"UptimeRobot 2", "", "desktop", true},
		"curl/8.5.0": {"curl 8", "", "desktop", true},
		"":           {"", "", "desktop", true},
	} {
		for range 2 { // the second answer is remembered
			got := b.of(header)
			if got.name.String() != want.name || got.system.String() != want.system || got.device.String() != want.device || got.bot != want.bot {
				t.Errorf("%s:\n got %q %q %q %v\nwant %+v", header, got.name, got.system, got.device, got.bot, want)
			}
		}
	}
}

func TestBrowsers_RememberNotMoreThanTheirLimit(t *testing.T) {
	var b browsers
	for i := range maxBrowsers + 10 {
		b.of(chrome + " " + string(rune('a'+i%26)) + string(rune(0x100+i)))
	}
	if len(b.known) > maxBrowsers {
		t.Errorf("%d are remembered", len(b.known))
	}
}

package visitor

import (
	"net/url"
	"strings"
)

// source is by which way a visitor came: referrer and campaign.
type source struct {
	kind                              ReferrerKind
	name                              string
	utmSource, utmMedium, utmCampaign string
}

// searchEngines and socialNetworks lead from a label of a host name, or a whole host where the label says too little, to the name
// that people know.
var (
	searchEngines = map[string]string{
		"google": "Google", "bing": "Bing", "yahoo": "Yahoo", "duckduckgo": "DuckDuckGo", "yandex": "Yandex", "baidu": "Baidu",
		"ecosia": "Ecosia", "qwant": "Qwant", "startpage": "Startpage", "naver": "Naver", "seznam": "Seznam", "sogou": "Sogou", "ask": "Ask",
		"search.brave.com": "Brave", "search.aol.com": "AOL", "kagi": "Kagi", "perplexity": "Perplexity", "chatgpt": "ChatGPT",
	}
	socialNetworks = map[string]string{
		"facebook": "Facebook", "fb": "Facebook", "messenger": "Messenger", "instagram": "Instagram", "threads": "Threads", "linkedin": "LinkedIn",
		"lnkd.in": "LinkedIn", "twitter": "X", "x.com": "X", "t.co": "X", "youtube": "YouTube", "youtu.be": "YouTube", "tiktok": "TikTok",
		"pinterest": "Pinterest", "pin.it": "Pinterest", "reddit": "Reddit", "whatsapp": "WhatsApp", "wa.me": "WhatsApp", "telegram": "Telegram",
		"t.me": "Telegram", "vk": "VK", "tumblr": "Tumblr", "quora": "Quora", "discord": "Discord", "snapchat": "Snapchat", "bsky": "Bluesky",
		"kwai": "Kwai", "medium": "Medium",
	}
)

// clickMarks are parameters that advertisers add to the addresses of their links, with the name of the network.
var clickMarks = []struct{ parameter, name string }{
	{"gclid", "Google Ads"},
	{"gbraid", "Google Ads"},
	{"wbraid", "Google Ads"},
	{"msclkid", "Microsoft Ads"},
	{"ttclid", "TikTok Ads"},
	{"twclid", "X Ads"},
	{"li_fat_id", "LinkedIn Ads"},
}

// sourceOf classifies the way to the page entry from the page referrer (both absolute addresses; referrer may be empty).
// A campaign's parameters win over the referrer; the site's own pages are no referrer.
func sourceOf(entry, referrer string) source {
	var s source
	page, err := url.Parse(entry)
	if err != nil {
		return source{kind: ReferrerDirect}
	}
	query := page.Query()
	s.utmSource, s.utmMedium, s.utmCampaign = utm(query, "utm_source"), utm(query, "utm_medium"), utm(query, "utm_campaign")
	if s.utmSource+s.utmMedium+s.utmCampaign != "" {
		s.kind, s.name = ReferrerCampaign, firstOf(s.utmCampaign, s.utmSource, s.utmMedium)
		return s
	}
	for _, mark := range clickMarks {
		if query.Has(mark.parameter) {
			s.kind, s.name = ReferrerCampaign, mark.name
			return s
		}
	}
	from, err := url.Parse(referrer)
	if err != nil || from.Host == "" || bareHost(from) == bareHost(page) {
		s.kind = ReferrerDirect
		return s
	}
	host := bareHost(from)
	if name, ok := known(searchEngines, host); ok {
		s.kind, s.name = ReferrerSearch, name
	} else if name, ok := known(socialNetworks, host); ok {
		s.kind, s.name = ReferrerSocial, name
	} else {
		s.kind, s.name = ReferrerSite, host
	}
	return s
}

func utm(query url.Values, name string) string { return cut(clean(query.Get(name)), maxField) }

func bareHost(u *url.URL) string { return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.") }

// known finds a host by itself, or by the label that its owner registered: google in news.google.com.br.
func known(list map[string]string, host string) (string, bool) {
	if name, ok := list[host]; ok {
		return name, true
	}
	labels := strings.Split(host, ".")
	// The registered label stands before one or two labels of the top: example.com, example.com.br.
	for _, i := range []int{len(labels) - 2, len(labels) - 3} {
		if i < 0 {
			break
		}
		if name, ok := list[labels[i]]; ok {
			return name, true
		}
		if len(labels[i]) > 3 { // com, co, org, net, gov, edu: the owner's label is further left
			break
		}
	}
	return "", false
}

func firstOf(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

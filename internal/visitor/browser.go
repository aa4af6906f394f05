package visitor

import (
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/mileusna/useragent"
)

// browser is what a User-Agent header says.
type browser struct {
	name, system, device Text
	bot                  bool
}

// maxUserAgent bounds what is looked at, in bytes.
const maxUserAgent = 512

// browsers remembers what headers mean: few different ones come again and again. It forgets everything when it is full.
type browsers struct {
	mu    sync.RWMutex
	known map[string]browser
}

const maxBrowsers = 4096

func (b *browsers) of(header string) browser {
	if len(header) > maxUserAgent {
		header = header[:maxUserAgent]
	}
	b.mu.RLock()
	found, ok := b.known[header]
	b.mu.RUnlock()
	if ok {
		return found
	}
	found = parseBrowser(header)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.known == nil || len(b.known) >= maxBrowsers {
		b.known = make(map[string]browser)
	}
	b.known[strings.Clone(header)] = found
	return found
}

// automat recognises programs that say what they are, beyond the parser's list. (Cubot makes telephones.)
var automat = regexp.MustCompile(`(?i)(^|[^u])bot\b|crawl|spider|slurp|headless|lighthouse|pingdom|monitor|scrapy|facebookexternalhit|` +
	`^(curl|wget|python|go-http-client|java|okhttp|axios|node|libwww|php|ruby|apache-httpclient)\b`)

func parseBrowser(header string) browser {
	ua := useragent.Parse(header)
	b := browser{device: Intern(DeviceDesktop), bot: ua.Bot || header == "" || automat.MatchString(header)}
	switch {
	case ua.Tablet:
		b.device = Intern(DeviceTablet)
	case ua.Mobile:
		b.device = Intern(DevicePhone)
	}
	name := ua.Name
	if name == header { // the parser's word for unknown
		name, _, _ = strings.Cut(name, "/")
	}
	b.name = Intern(versioned(cut(clean(name), 40), ua.VersionNo.Major))
	b.system = Intern(system(ua))
	return b
}

func versioned(name string, major int) string {
	if name == "" || major == 0 {
		return name
	}
	return name + " " + strconv.Itoa(major)
}

// system names the operating system with the version where it means something: browsers freeze that of macOS, and Windows 11 says 10.
func system(ua useragent.UserAgent) string {
	switch ua.OS {
	case useragent.Windows:
		switch {
		case ua.OSVersionNo.Major >= 10:
			return "Windows 10/11"
		case ua.OSVersionNo.Major == 6 && ua.OSVersionNo.Minor >= 2:
			return "Windows 8"
		case ua.OSVersionNo.Major == 6 && ua.OSVersionNo.Minor == 1:
			return "Windows 7"
		}
		return "Windows"
	case useragent.MacOS, useragent.Linux, useragent.ChromeOS, useragent.CrOS:
		return ua.OS
	}
	return versioned(cut(clean(ua.OS), 40), ua.OSVersionNo.Major)
}

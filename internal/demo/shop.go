package demo

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
)

// maxPages bounds the walk through the shop.
const maxPages = 60

var (
	titleTag = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)
	linkTag  = regexp.MustCompile(`(?is)<a\b[^>]*?\shref\s*=\s*"([^"]+)"`)
)

// page is one page of the shop.
type page struct {
	path, title string
	// links are the paths of the shop's own pages that it leads to.
	links []string
}

// shop is the demo shop as its pages show it.
type shop struct {
	origin string // without a slash at the end
	pages  map[string]page
	paths  []string // in the order they were found; the front first
}

// originOf returns the origin of an address, as https://shop.example.
func originOf(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", errors.Join(fmt.Errorf("demo: %q is not the address of a shop", address), err)
	}
	return u.Scheme + "://" + u.Host, nil
}

// explore walks through the shop by its links, beginning at its front.
func explore(ctx context.Context, origin string, fetch func(ctx context.Context, address string) ([]byte, error)) (*shop, error) {
	s := &shop{origin: origin, pages: map[string]page{}}
	for queue := []string{"/"}; len(queue) > 0 && len(s.paths) < maxPages; queue = queue[1:] {
		if _, known := s.pages[queue[0]]; known {
			continue
		}
		text, err := fetch(ctx, s.origin+queue[0])
		if err != nil {
			if queue[0] == "/" {
				return nil, fmt.Errorf("demo: the shop: %w", err)
			}
			continue // a dead link is nowhere to go
		}
		p := parse(queue[0], string(text))
		s.pages[p.path], s.paths = p, append(s.paths, p.path)
		queue = append(queue, p.links...)
	}
	for at, p := range s.pages {
		p.links = slices.DeleteFunc(p.links, func(link string) bool { _, known := s.pages[link]; return !known || link == at })
		s.pages[at] = p
	}
	return s, nil
}

func parse(at, text string) page {
	p := page{path: at, title: at}
	if found := titleTag.FindStringSubmatch(text); found != nil {
		p.title = strings.Join(strings.Fields(html.UnescapeString(found[1])), " ")
	}
	for _, found := range linkTag.FindAllStringSubmatch(text, -1) {
		if link, ok := inside(at, html.UnescapeString(found[1])); ok && !slices.Contains(p.links, link) {
			p.links = append(p.links, link)
		}
	}
	return p
}

// inside returns the path of a link that stays in the shop and leads to a page.
func inside(at, link string) (string, bool) {
	u, err := url.Parse(link)
	if err != nil || u.Host != "" || u.Scheme != "" || u.Path == "" {
		return "", false
	}
	to := (&url.URL{Path: at}).ResolveReference(u).Path
	switch path.Ext(to) {
	case "", ".html", ".htm":
		return to, true
	}
	return "", false
}

// entry draws where somebody comes in.
func (s *shop) entry(d *dice, deep bool) page {
	if deep && d.chance(55) {
		return s.pages[s.paths[d.IntN(len(s.paths))]]
	}
	return s.pages[s.paths[0]]
}

// onward draws the page that somebody goes to from p: seldom the one before.
func (s *shop) onward(d *dice, p page, before string) page {
	if len(p.links) == 0 {
		return s.pages[s.paths[0]]
	}
	next := p.links[d.IntN(len(p.links))]
	if next == before {
		next = p.links[d.IntN(len(p.links))]
	}
	return s.pages[next]
}

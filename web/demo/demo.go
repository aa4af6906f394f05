// Package shop is "Trilha", the small outdoor shop of `aceno demo`: static pages on an origin of their own, under a strict
// content security policy, with Aceno installed as any customer would install it.
package shop

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

//go:embed layout.html pages products.json assets
var files embed.FS

// Page is one page of the shop, for those who browse it without eyes.
type Page struct {
	// Path begins with a slash.
	Path string
	// Title is the document's, as a browser would report it.
	Title string
}

// Product is something the shop sells.
type Product struct {
	Slug     string   `json:"slug"`
	Name     string   `json:"name"`
	Category string   `json:"category"`
	Art      string   `json:"art"`
	Tone     string   `json:"tone"`
	Price    int      `json:"price"` // centavos
	Before   int      `json:"before"`
	Line     string   `json:"line"`
	Text     string   `json:"text"`
	Features []string `json:"features"`
	Sizes    []string `json:"sizes"`
}

// Category groups products.
type Category struct {
	Slug string `json:"slug"`
	Name string `json:"name"`
	Art  string `json:"art"`
	Tone string `json:"tone"`
}

type catalogue struct {
	Categories []Category `json:"categories"`
	Products   []Product  `json:"products"`
}

// view is what a page's template sees.
type view struct {
	Path, Title string
	// Base and Key are where Aceno is and the site's key there.
	Base, Key string
	catalogue
	Product  Product
	Category Category
	Shown    []Product
}

// page is one address with its template.
type page struct {
	Page
	template string
	product  Product
	category Category
	shown    []Product
}

const suffix = " · Trilha"

// goods is read once; what is embedded cannot change, and a fault in it is a fault of the program.
var goods = must(readCatalogue())

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func readCatalogue() (catalogue, error) {
	var c catalogue
	data, err := files.ReadFile("products.json")
	if err != nil {
		return c, fmt.Errorf("shop: %w", err)
	}
	if err := json.Unmarshal(data, &c); err != nil {
		return c, fmt.Errorf("shop: products.json: %w", err)
	}
	return c, nil
}

// pages lists every address of the shop.
func pages() []page {
	all := []page{
		{Page: Page{"/", "Trilha: equipamento para andar longe"}, template: "home", shown: goods.Products[:4]},
		{Page: Page{"/produtos", "Todos os produtos" + suffix}, template: "products", shown: goods.Products},
		{Page: Page{"/carrinho", "Carrinho" + suffix}, template: "cart"},
		{Page: Page{"/finalizar", "Finalizar compra" + suffix}, template: "checkout"},
		{Page: Page{"/ajuda", "Ajuda" + suffix}, template: "help"},
		{Page: Page{"/ajuda/trocas", "Trocas e devoluções" + suffix}, template: "returns"},
		{Page: Page{"/guia-de-tamanhos", "Guia de tamanhos" + suffix}, template: "sizes"},
		{Page: Page{"/sobre", "Sobre a Trilha" + suffix}, template: "about"},
	}
	for _, c := range goods.Categories {
		shown := slices.DeleteFunc(slices.Clone(goods.Products), func(p Product) bool { return p.Category != c.Slug })
		all = append(all, page{Page: Page{"/produtos/" + c.Slug, c.Name + suffix}, template: "products", category: c, shown: shown})
	}
	for _, p := range goods.Products {
		i := slices.IndexFunc(goods.Categories, func(c Category) bool { return c.Slug == p.Category })
		related := slices.DeleteFunc(slices.Clone(goods.Products), func(o Product) bool { return o.Slug == p.Slug })
		all = append(all, page{
			Page: Page{"/p/" + p.Slug, p.Name + suffix}, template: "product",
			product: p, category: goods.Categories[i], shown: related[:3],
		})
	}
	return all
}

// Paths lists the shop's pages in the order of the menu; the product pages stand at the end.
func Paths() []Page {
	var paths []Page
	for _, p := range pages() {
		paths = append(paths, p.Page)
	}
	return paths
}

// Handler serves the shop. acenoBase is the installation's address without a slash at the end (http://localhost:8080),
// key the key of the shop's site there. Every answer carries a policy without any 'unsafe': the widget must do with it.
func Handler(acenoBase, key string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", http.FileServerFS(files))
	for _, p := range pages() {
		body := render(p, acenoBase, key)
		pattern := "GET " + p.Path
		if p.Path == "/" {
			pattern = "GET /{$}"
		}
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) { send(w, http.StatusOK, body) })
	}
	missing := render(page{Page: Page{"", "Página não encontrada" + suffix}, template: "missing"}, acenoBase, key)
	mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) { send(w, http.StatusNotFound, missing) })
	policy := Policy(acenoBase)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		mux.ServeHTTP(w, r)
	})
}

// Policy is the content security policy of a page with Aceno, as the guide recommends it: the installation for scripts and
// connections, and nothing inline.
func Policy(acenoBase string) string {
	return "default-src 'self'; script-src 'self' " + acenoBase + "; connect-src 'self' " + acenoBase + " " + socketOrigin(acenoBase) +
		"; img-src 'self' " + acenoBase + " data:; style-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'"
}

func socketOrigin(base string) string {
	return strings.Replace(base, "http", "ws", 1)
}

func send(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the visitor has gone
}

func render(p page, base, key string) []byte {
	t := template.Must(template.New("layout.html").Funcs(functions).ParseFS(files, "layout.html", "pages/"+p.template+".html"))
	var b bytes.Buffer
	v := view{
		Path: p.Path, Title: p.Title, Base: base, Key: key, catalogue: goods,
		Product: p.product, Category: p.category, Shown: p.shown,
	}
	if err := t.Execute(&b, v); err != nil {
		panic(fmt.Errorf("shop: page %s: %w", p.template, err))
	}
	return b.Bytes()
}

var functions = template.FuncMap{
	"money": money,
	"parts": func(cents int) string { return money((cents + 5) / 6) },
	"art":   func(name string) string { return "/assets/art.svg#" + url.PathEscape(name) },
}

// money writes centavos as Brazilians do: R$ 1.249,90.
func money(cents int) string {
	whole := strconv.Itoa(cents / 100)
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "." + whole[i:]
	}
	return fmt.Sprintf("R$ %s,%02d", whole, cents%100)
}

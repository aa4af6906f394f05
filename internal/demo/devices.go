package demo

// device is a browser on a machine, with the screens such machines have.
type device struct {
	weight  int
	agent   string
	screens []string
}

var (
	phones   = []string{"412x915", "360x800", "393x873", "384x832"}
	iPhones  = []string{"390x844", "393x852", "430x932", "375x812"}
	desktops = []string{"1920x1080", "1366x768", "1536x864", "1440x900", "1600x900", "2560x1440"}
)

// devices are what people in Brazil browse with: phones first, Android before iOS.
var devices = []device{
	{22, "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36", phones},
	{10, "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36", phones},
	{7, "Mozilla/5.0 (Linux; Android 14; SM-A546E) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36", phones},
	{12, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1", iPhones},
	{4, "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1", iPhones},
	{2, "Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1", []string{"820x1180", "1024x1366"}},
	{1, "Mozilla/5.0 (Linux; Android 13; SM-X205) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36", []string{"1280x800"}},
	{24, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36", desktops},
	{5, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0", desktops},
	{3, "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0", desktops},
	{1, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 OPR/115.0.0.0", desktops},
	{5, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15", []string{"1440x900", "1512x982", "1728x1117"}},
	{2, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36", []string{"1440x900", "1512x982"}},
	{1, "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", desktops},
	{1, "Mozilla/5.0 (X11; Ubuntu; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36", desktops},
}

// robot is the machine that reads the shop for a search engine: the grid counts it apart.
var robot = device{0, "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/131.0.0.0 Safari/537.36", []string{"1280x1024"}}

// way is how people find the shop.
type way struct {
	weight   int
	referrer string
	// campaign is the query that the advertisement's link carries.
	campaign string
	// deep says that it leads to a page inside the shop as often as to its front.
	deep bool
}

var ways = []way{
	{30, "", "", false},
	{26, "https://www.google.com/", "", true},
	{9, "https://www.google.com/", "utm_source=google&utm_medium=cpc&utm_campaign=trilhas-de-verao", true},
	{9, "https://l.instagram.com/", "utm_source=instagram&utm_medium=social&utm_campaign=bio", false},
	{5, "https://l.instagram.com/", "utm_source=instagram&utm_medium=paid&utm_campaign=mochilas", true},
	{4, "https://m.facebook.com/", "", true},
	{5, "", "utm_source=newsletter&utm_medium=email&utm_campaign=novidades-da-semana", true},
	{4, "", "utm_source=whatsapp&utm_medium=social&utm_campaign=grupo-de-trilheiros", true},
	{3, "https://www.youtube.com/", "utm_source=youtube&utm_medium=video&utm_campaign=como-escolher-barraca", true},
	{2, "https://www.bing.com/", "", true},
	{1, "https://duckduckgo.com/", "", true},
	{2, "https://blog.pedenatrilha.example/dez-travessias", "", true},
}

package trigger

// Field is what a condition looks at.
type Field string

// The fields.
const (
	PageURL       Field = "page_url"
	PageTitle     Field = "page_title"
	EntryURL      Field = "entry_url"
	PreviousURL   Field = "previous_url"
	Referrer      Field = "referrer"
	ReferrerKind  Field = "referrer_kind"
	UTMSource     Field = "utm_source"
	UTMMedium     Field = "utm_medium"
	UTMCampaign   Field = "utm_campaign"
	SecondsOnPage Field = "seconds_on_page"
	SecondsOnSite Field = "seconds_on_site"
	Pages         Field = "pages"
	Visits        Field = "visits"
	Country       Field = "country"
	Region        Field = "region"
	City          Field = "city"
	Language      Field = "language"
	Device        Field = "device"
	Site          Field = "site"
	Custom        Field = "custom"
	Day           Field = "day"
	Hour          Field = "hour"
	AgentsOnline  Field = "agents_online"
	Invited       Field = "invited"
	Attended      Field = "attended"
	Scroll        Field = "scroll"
	Leaving       Field = "leaving"
	IconClick     Field = "icon_click"
)

// Operator compares a field with the condition's values.
type Operator string

// The operators.
const (
	Is          Operator = "is"
	IsNot       Operator = "is_not"
	Contains    Operator = "contains"
	ContainsNot Operator = "contains_not"
	StartsWith  Operator = "starts_with"
	EndsWith    Operator = "ends_with"
	Matches     Operator = "matches"
	MatchesNot  Operator = "matches_not"
	AtLeast     Operator = "at_least"
	AtMost      Operator = "at_most"
	Between     Operator = "between"
	NotBetween  Operator = "not_between"
)

// negative says whether the operator holds when none of the values does.
func (o Operator) negative() bool {
	return o == IsNot || o == ContainsNot || o == MatchesNot || o == NotBetween
}

// shape is what kind of value a field has, and with it the operators that make sense.
type shape uint8

const (
	shapeText shape = iota
	// shapeAddress is text; values that begin with / are compared with the address's path.
	shapeAddress
	// shapeChoice is one of a closed list, or of the account's own.
	shapeChoice
	shapeNumber
	shapeTruth
	shapeDay
	shapeHour
)

var operators = map[shape][]Operator{
	shapeText:    {Is, IsNot, Contains, ContainsNot, StartsWith, EndsWith, Matches, MatchesNot},
	shapeAddress: {Is, IsNot, Contains, ContainsNot, StartsWith, EndsWith, Matches, MatchesNot},
	shapeChoice:  {Is, IsNot},
	shapeNumber:  {AtLeast, AtMost},
	shapeTruth:   {Is},
	shapeDay:     {Is, IsNot},
	shapeHour:    {Between, NotBetween},
}

// aspect is what is known of a field.
type aspect struct {
	shape shape
	// onPage: only the visitor's page knows it.
	onPage bool
	// lowest and highest bound numbers.
	lowest, highest int
	// choices are the allowed values; nil when any is.
	choices []string
	// operators, when fewer than the shape's.
	operators []Operator
}

const (
	secondsMax = 24 * 60 * 60
	countMax   = 10_000
)

// counted are the operators of what is counted in small steps, where equality means something.
var counted = []Operator{AtLeast, AtMost, Is}

var aspects = map[Field]aspect{
	PageURL:       {shape: shapeAddress},
	PageTitle:     {shape: shapeText},
	EntryURL:      {shape: shapeAddress},
	PreviousURL:   {shape: shapeAddress},
	Referrer:      {shape: shapeAddress},
	ReferrerKind:  {shape: shapeChoice, choices: []string{"direct", "search", "social", "campaign", "site"}},
	UTMSource:     {shape: shapeText},
	UTMMedium:     {shape: shapeText},
	UTMCampaign:   {shape: shapeText},
	SecondsOnPage: {shape: shapeNumber, onPage: true, lowest: 1, highest: 3600, operators: []Operator{AtLeast}},
	SecondsOnSite: {shape: shapeNumber, lowest: 1, highest: secondsMax},
	Pages:         {shape: shapeNumber, lowest: 1, highest: countMax, operators: counted},
	Visits:        {shape: shapeNumber, lowest: 1, highest: countMax, operators: counted},
	Country:       {shape: shapeChoice},
	Region:        {shape: shapeText},
	City:          {shape: shapeText},
	Language:      {shape: shapeText},
	Device:        {shape: shapeChoice, choices: []string{"desktop", "phone", "tablet"}},
	Site:          {shape: shapeChoice},
	Custom:        {shape: shapeText},
	Day:           {shape: shapeDay},
	Hour:          {shape: shapeHour},
	AgentsOnline:  {shape: shapeTruth},
	Invited:       {shape: shapeTruth},
	Attended:      {shape: shapeTruth},
	Scroll:        {shape: shapeNumber, onPage: true, lowest: 1, highest: 100, operators: []Operator{AtLeast}},
	Leaving:       {shape: shapeTruth, onPage: true},
	IconClick:     {shape: shapeTruth, onPage: true},
}

func (a aspect) allowed() []Operator {
	if a.operators != nil {
		return a.operators
	}
	return operators[a.shape]
}

package conversation

import (
	"regexp"
	"strings"
)

// masked stands in the place of a digit that is not kept.
const masked = '•'

// What is masked in visitors' texts. It happens before anything is stored or shown, so nothing is left to be revealed, leaked or erased.
type masking struct{ cards, cpf bool }

// maskingOf returns what a site has masked.
func (s *Service) maskingOf(siteID string) masking {
	if s.sites == nil {
		return masking{}
	}
	known, ok := s.sites.ByID(siteID)
	if !ok {
		return masking{}
	}
	return masking{cards: !known.Settings.Privacy.KeepCards, cpf: known.Settings.Privacy.MaskCPF}
}

// peekAllowed says whether agents may see what visitors of a site type before they send it.
func (s *Service) peekAllowed(siteID string) bool {
	if s.sites == nil {
		return true
	}
	known, ok := s.sites.ByID(siteID)
	return ok && !known.Settings.Privacy.HidePeek
}

// run is digits with at most one space, dot, hyphen or slash between two of them: how people write long numbers.
var run = regexp.MustCompile(`\d(?:[ .\-/]?\d){10,}`)

// Lengths of numbers, in digits.
const (
	cpfDigits    = 11
	shortestCard = 13
	longestCard  = 19
)

// apply returns the text with what looks like such a number masked: cards by length, first digit and check digit (ISO/IEC 7812), CPF by
// both check digits. A number begins and ends where its digits do, or at a separator inside of them. What is left of one may begin the next:
// so a text that was masked already stays as it is when it is masked again.
func (m masking) apply(text string) string {
	if !m.cards && !m.cpf {
		return text
	}
	return run.ReplaceAllStringFunc(text, func(found string) string {
		runes := []rune(found)
		var at []int // the places of the digits
		for i, r := range runes {
			if r >= '0' && r <= '9' {
				at = append(at, i)
			}
		}
		for first := 0; first < len(at); first++ {
			if first > 0 && at[first] == at[first-1]+1 && runes[at[first-1]] != masked {
				continue // in the middle of digits
			}
			first += m.hide(runes, at, first)
		}
		return string(runes)
	})
}

// hide masks the longest number that begins at a digit, and returns how many digits behind it are masked as well.
func (m masking) hide(runes []rune, at []int, first int) int {
	for length := min(longestCard, len(at)-first); length >= cpfDigits; length-- {
		end := first + length
		if end < len(at) && at[end] == at[end-1]+1 {
			continue
		}
		var digits strings.Builder
		for _, i := range at[first:end] {
			digits.WriteRune(runes[i])
		}
		var keep int
		switch number := digits.String(); {
		case m.cards && isCard(number):
			keep = 4
		case m.cpf && isCPF(number):
			keep = 2
		default:
			continue
		}
		for _, i := range at[first : end-keep] {
			runes[i] = masked
		}
		return length - keep - 1
	}
	return 0
}

func isCard(digits string) bool {
	if len(digits) < shortestCard || len(digits) > longestCard || digits[0] < '2' || digits[0] > '6' {
		return false
	}
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// isCPF checks both digits; numbers of one digit alone pass the sum and are nobody's.
func isCPF(digits string) bool {
	if len(digits) != cpfDigits || strings.Count(digits, digits[:1]) == cpfDigits {
		return false
	}
	for _, place := range []int{9, 10} {
		sum := 0
		for i := range place {
			sum += int(digits[i]-'0') * (place + 1 - i)
		}
		if byte('0'+sum*10%11%10) != digits[place] {
			return false
		}
	}
	return true
}

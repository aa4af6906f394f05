package form

import "strings"

var separators = strings.NewReplacer(".", "", "-", "", "/", "", " ", "")

// readCPF returns the eleven digits of a CPF, or "" when it is none: the check digits are those of the Receita Federal, and numbers of
// one repeated digit, which pass them, are nobody's.
func readCPF(text string) string {
	text = separators.Replace(text)
	if len(text) != 11 || !allDigits(text) || strings.Trim(text, text[:1]) == "" {
		return ""
	}
	for _, at := range []int{9, 10} {
		sum := 0
		for i := range at {
			sum += int(text[i]-'0') * (at + 1 - i)
		}
		if checkDigit(sum) != text[at] {
			return ""
		}
	}
	return text
}

// readCNPJ returns the fourteen characters of a CNPJ, or "" when it is none. Since July 2026 the first twelve may be letters too
// (Instrução Normativa RFB 2.229/2024): a character counts for its ASCII code less 48.
func readCNPJ(text string) string {
	text = strings.ToUpper(separators.Replace(text))
	if len(text) != 14 || !allDigits(text[12:]) || strings.Trim(text, text[:1]) == "" {
		return ""
	}
	for i := range 12 {
		if c := text[i]; (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return ""
		}
	}
	for _, at := range []int{12, 13} {
		sum := 0
		for i := range at {
			weight := (at-1-i)%8 + 2
			sum += int(text[i]-'0') * weight
		}
		if checkDigit(sum) != text[at] {
			return ""
		}
	}
	return text
}

// checkDigit is modulo 11: remainders of 0 and 1 give 0.
func checkDigit(sum int) byte {
	if rest := sum % 11; rest > 1 {
		return byte('0' + 11 - rest)
	}
	return '0'
}

func allDigits(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < '0' || r > '9' })
}

// showDocument writes a CPF or a CNPJ with its marks, and any other text as it is.
func showDocument(t Type, text string) string {
	switch {
	case t == CPF && len(text) == 11:
		return text[:3] + "." + text[3:6] + "." + text[6:9] + "-" + text[9:]
	case t == CNPJ && len(text) == 14:
		return text[:2] + "." + text[2:5] + "." + text[5:8] + "/" + text[8:12] + "-" + text[12:]
	}
	return text
}

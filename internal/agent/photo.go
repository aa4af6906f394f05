package agent

import "fmt"

// photoURL reads the column that names a photo as the address visitors' browsers fetch it from; empty when there is none.
type photoURL string

// Scan reads the column.
func (p *photoURL) Scan(value any) error {
	switch value := value.(type) {
	case nil:
		*p = ""
	case string:
		*p = photoURL(photoPath + value)
	case []byte:
		*p = photoURL(photoPath + string(value))
	default:
		return fmt.Errorf("agent: a photo is %T", value)
	}
	return nil
}

// photoPath is where photos are served.
const photoPath = "/v/photos/"

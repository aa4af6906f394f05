package conversation_test

import (
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// database/sql keeps one per pool as long as the pool lives; the pools are closed with their tests.
		goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

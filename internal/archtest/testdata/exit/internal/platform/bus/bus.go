package bus

import (
	stdlog "log"
	"os"
)

func stop() {
	stdlog.Println("fine")
	stdlog.Fatalf("not fine") // want exit
	os.Exit(1)                // want exit
}

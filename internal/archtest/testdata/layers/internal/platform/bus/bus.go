package bus

import (
	_ "github.com/aceno-chat/aceno/internal/account" // want upwards
	_ "github.com/aceno-chat/aceno/internal/platform/clock"
)

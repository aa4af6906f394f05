package account_test

import (
	_ "github.com/aceno-chat/aceno/internal/app" // want upwards
	_ "github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// Package conversation is a fixture.
package conversation

import (
	_ "github.com/aceno-chat/aceno/internal/account"
	_ "github.com/aceno-chat/aceno/internal/file"
	_ "github.com/aceno-chat/aceno/internal/platform/store/storetest" // want testing
	_ "github.com/aceno-chat/aceno/internal/routing"                  // want upwards
)

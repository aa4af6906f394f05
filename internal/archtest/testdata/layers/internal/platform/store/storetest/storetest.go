// Package storetest is a fixture: a package for tests may use others of its kind.
package storetest

import _ "github.com/aceno-chat/aceno/internal/platform/clock/clocktest"

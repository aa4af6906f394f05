package conversation

import "net/http"

const stale = http.StatusConflict // want status

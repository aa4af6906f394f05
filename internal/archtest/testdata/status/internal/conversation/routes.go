package conversation

import "net/http"

const created = http.StatusCreated

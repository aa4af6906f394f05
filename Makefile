# Aceno. `make` alone lists what there is. `make run` and `make test` work on a fresh clone.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo development)
GO_FLAGS := -trimpath -ldflags "-s -w -X main.version=$(VERSION)"
NPM_CI := npm ci --no-audit --no-fund --loglevel=error

# What each browser bundle is made of; a bundle is rebuilt only when one of its files is newer.
SOURCES = $(shell find $(1) -type f -not -path '*/node_modules/*' -not -name '*.test.ts' -not -name '*.test.tsx' 2>/dev/null)
WEB_INSTALLED := web/node_modules/.installed
E2E_INSTALLED := test/e2e/node_modules/.installed
WIDGET := web/dist/widget/aceno.js
PANEL := web/dist/panel/index.html

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: build ## Build everything and start the demo: panel on :8080, shop on :8081 (ARGS="--visitors 50")
	@exec bin/aceno demo $(ARGS)

.PHONY: dev
dev: build ## The demo with the panel served by Vite, which reloads on save
	@scripts/dev $(ARGS)

.PHONY: test
test: ## Everything CI runs, in order, one line per stage (ONLY="lint e2e" for some; V=1 shows the output)
	@scripts/check $(ONLY)

.PHONY: lint
lint: ## Static checks of Go and TypeScript
	@scripts/check vet lint biome types

.PHONY: fmt
fmt: $(WEB_INSTALLED) ## Format Go and TypeScript
	@"$$(scripts/golangci-lint)" fmt
	@cd web && npx biome check --write . ../test/e2e

.PHONY: generate
generate: $(WEB_INSTALLED) ## Write api/openapi.json from the Go types, the TypeScript types from it, docs/lifecycles.md
	@scripts/generate

.PHONY: web
web: $(WIDGET) $(PANEL) ## Build the widget and the panel into web/dist

.PHONY: build
build: web ## Build bin/aceno with the browser sides inside
	@go build $(GO_FLAGS) -o bin/aceno ./cmd/aceno

.PHONY: bench
bench: HISTORY ?= 0,500000
bench: build page-bench ## Measure server and pages, print tables and JSON (HISTORY: past conversations; ARGS are passed to `aceno bench`)
	@exec bin/aceno bench --history $(HISTORY) $(ARGS)

.PHONY: page-bench
page-bench: build $(E2E_INSTALLED) ## Measure in Chromium what the script costs a page
	@scripts/need
	@cd test/e2e && npx --no-install playwright test --config bench.config.ts

.PHONY: clean
clean: ## Remove what was built; the dependencies stay
	@rm -rf bin test-results web/dist/panel web/dist/widget

.PHONY: web-install e2e-install
web-install: $(WEB_INSTALLED)
e2e-install: $(E2E_INSTALLED)

$(WEB_INSTALLED): web/package-lock.json
	@cd web && $(NPM_CI)
	@touch $@

$(E2E_INSTALLED): test/e2e/package-lock.json
	@cd test/e2e && $(NPM_CI)
	@touch $@

$(WIDGET): $(WEB_INSTALLED) $(call SOURCES,web/widget)
	@npm run build -w widget --prefix web --silent
	@touch $@

$(PANEL): $(WEB_INSTALLED) $(call SOURCES,web/panel web/contract)
	@npm run build -w panel --prefix web --silent
	@touch $@

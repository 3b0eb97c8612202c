.DEFAULT_GOAL := help
TOOLS := go tool -modfile=tools/go.mod
FUZZTIME ?= 10000x

.PHONY: help
help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: ## Serve the default world on 127.0.0.1:8080
	go run ./cmd/mockserver

.PHONY: contract
contract: ## Replay every bundled scenario against a mock in process
	go run ./cmd/contract run

.PHONY: build
build: ## Build both programs into bin/
	go build -trimpath -o bin/ ./cmd/...

.PHONY: test
test: ## Run all tests
	go test ./...

.PHONY: race
race: ## Run all tests with the race detector
	go test -race ./...

.PHONY: vet
vet: ## Run go vet
	go vet ./...

.PHONY: lint
lint: ## Run golangci-lint, as pinned in tools/go.mod
	$(TOOLS) golangci-lint run ./...

.PHONY: fmt
fmt: ## Format with gofumpt
	$(TOOLS) gofumpt -w .

.PHONY: fuzz
fuzz: ## Fuzz every target for FUZZTIME: 10000x inputs, or a duration such as 1m
	FUZZTIME=$(FUZZTIME) sh internal/fuzz.sh

.PHONY: client
client: ## Drive the mock with real clients (needs Node)
	cd clienttest && npm ci --no-audit --no-fund && npm test && go test -count=1 ./...

.PHONY: compare
compare: ## Compare a spec with a vendor's files: make compare SPEC=specs/yandex.yaml WITH="a.yaml b.yaml"
	@test -n "$(SPEC)" -a -n "$(WITH)" || { echo 'usage: make compare SPEC=specs/yandex.yaml WITH="a.yaml b.yaml"'; exit 2; }
	go -C tools/specdiff run . $(abspath $(SPEC) $(WITH))

.PHONY: bench
bench: ## Measure the server's budgets; prints each ratio (needs wrk)
	go run ./internal/bench

.PHONY: generate
generate: ## Rewrite what is generated: golden files, JSON Schemas, clients, FIDELITY.md
	go test $$(grep -rl --include='*_test.go' 'flag.Bool("update"' ./cmd ./fixtures ./internal | xargs -n 1 dirname | sort -u) -update
	cd clienttest && go generate ./...
	go test ./internal/claim -update

.PHONY: rename
rename: ## Give the module another path: make rename MODULE=github.com/you/marketmock
	@test -n "$(MODULE)" || { echo "usage: make rename MODULE=github.com/you/marketmock"; exit 2; }
	@old=$$(go list -m) && \
	grep -rlF "$$old" --include='*.go' --include='go.mod' --include='*.yml' --include='*.md' . | \
	xargs sed -i "s|$$old|$(MODULE)|g" && go build ./... && echo "module is $(MODULE)"

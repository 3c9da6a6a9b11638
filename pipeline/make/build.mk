# Building and testing. A stamp: swift build leaves unchanged executables old, so they make bad targets.
SOURCES := $(shell find Sources Tests/Conformance Tests/Faults Tests/Fuzz pipeline/sql -type f 2>/dev/null)
# Linux links Swift's libraries in, so that the executables start in milliseconds; macOS brings its own.
STATIC  := $(if $(filter Linux,$(shell uname -s)),--static-swift-stdlib)

$(BUILT): Package.swift $(SOURCES)
	@pipeline/setup.sh
	swift build -c release $(STATIC)
	@touch $@

.PHONY: setup
setup: ## Install what is missing: compiler libraries, through apt or brew
	@pipeline/setup.sh

.PHONY: build
build: $(BUILT) ## Build the executables

.PHONY: test
test: setup ## Run the tests
	swift test

.PHONY: format
format: ## Rewrite the sources in the project's format
	swift format -i -r Sources Tests Package.swift

.PHONY: lint
lint: ## Check the format of the sources
	swift format lint --strict -r Sources Tests Package.swift

.PHONY: conformance
conformance: $(BUILT) ## Recorded responses of the venues (FIXTURES=) through the real executables
	$(BIN)/conformance --fixtures $(or $(FIXTURES),../shared/fixtures) --bin $(BIN)

.PHONY: clean
clean: ## Remove what was built and staged; raw/ and warehouse/ stay
	rm -rf .build .build-asan .build-tsan $(filter-out staged/README.md,$(wildcard staged/*))

# Building and testing. The target is a stamp, since swift build leaves the time of unchanged executables as it was.
SOURCE_FOLDERS := Sources Tests/Conformance Tests/Faults Tests/Fuzz pipeline/sql
SOURCES := $(shell find $(SOURCE_FOLDERS) -type f 2>/dev/null)
# Linux links Swift's libraries in, so that the executables start in milliseconds; macOS brings its own.
STATIC  := $(if $(filter Linux,$(shell uname -s)),--static-swift-stdlib)

$(BUILT): Package.swift $(SOURCES)
	@pipeline/setup.sh --check
	swift build -c release $(STATIC)
	@touch $@

.PHONY: setup
setup: ## Install what is missing: compiler libraries, through apt or brew
	@pipeline/setup.sh

.PHONY: build
build: $(BUILT) ## Build the executables

.PHONY: test
test: ## Run the tests
	@pipeline/setup.sh --check
	swift test

.PHONY: test-make
test-make: $(BUILT) ## Test the goals themselves: what they take, refuse, print and leave alone
	@pipeline/test-make.sh

.PHONY: format
format: ## Rewrite the sources in the project's format
	swift format -i -r Sources Tests Package.swift

.PHONY: lint
lint: ## Check the format of the sources
	swift format lint --strict -r Sources Tests Package.swift

# Named folders must exist. Without any, the fixtures of this checkout are taken, and the folders beside it if they exist.
OWN      := $(if $(FIXTURES)$(CASES),,Tests/Fixtures)
RECORDED := $(if $(OWN),$(wildcard ../shared/fixtures),$(FIXTURES))
SEEN     := $(if $(OWN),$(wildcard ../shared/cases),$(CASES))

.PHONY: conformance
conformance: $(BUILT) ## Fixtures, recorded responses (FIXTURES=) and cases from the field (CASES=) through the real executables
	$(if $(OWN),$(BIN)/conformance --fixtures $(OWN) --bin $(BIN))
	$(if $(RECORDED)$(SEEN),$(BIN)/conformance $(if $(RECORDED),--fixtures "$(RECORDED)") $(if $(SEEN),--cases "$(SEEN)") --bin $(BIN))

.PHONY: golden
golden: $(BUILT) ## Write the golden files again: what transform makes of the fixtures; read the diff
	@python3 Tests/Golden/make.py rewrite --bin $(BIN)

.PHONY: test-golden
test-golden: $(BUILT) ## Compare what transform makes of the fixtures with the golden files
	@python3 Tests/Golden/make.py compare --bin $(BIN)

.PHONY: clean
clean: ## Remove what was built and staged; raw/ and warehouse/ stay
	rm -rf .build .build-asan .build-tsan
	@[ ! -d "$(DATA)/staged" ] || find "$(DATA)/staged" -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +

# Building and testing. A stamp: swift build leaves unchanged executables old, so they make bad targets.
SOURCE_FOLDERS := Sources Tests/Conformance Tests/Faults Tests/Fuzz pipeline/sql
SOURCES := $(shell find $(SOURCE_FOLDERS) -type f 2>/dev/null)
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

.PHONY: test-make
test-make: $(BUILT) ## Test the goals themselves: what they take, refuse, print and leave alone
	@pipeline/test-make.sh

.PHONY: format
format: ## Rewrite the sources in the project's format
	swift format -i -r Sources Tests Package.swift

.PHONY: lint
lint: ## Check the format of the sources
	swift format lint --strict -r Sources Tests Package.swift

# What is named must be there; where nothing is named, what stands beside the checkout is taken.
RECORDED := $(if $(FIXTURES)$(CASES),$(FIXTURES),$(wildcard ../shared/fixtures))
SEEN     := $(if $(FIXTURES)$(CASES),$(CASES),$(wildcard ../shared/cases))

.PHONY: conformance
conformance: $(if $(RECORDED)$(SEEN),$(BUILT)) ## Recorded responses (FIXTURES=) and cases from the field (CASES=) through the real executables
ifeq ($(RECORDED)$(SEEN),)
	@echo "conformance: there is no ../shared/fixtures and no ../shared/cases: set FIXTURES= or CASES= to such a folder" >&2
	@exit 66
else
	$(BIN)/conformance $(if $(RECORDED),--fixtures "$(RECORDED)") $(if $(SEEN),--cases "$(SEEN)") --bin $(BIN)
endif

.PHONY: clean
clean: ## Remove what was built and staged; raw/ and warehouse/ stay
	rm -rf .build .build-asan .build-tsan
	@[ ! -d "$(DATA)/staged" ] || find "$(DATA)/staged" -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +

# Building and testing. The target is a stamp, since swift build leaves the time of unchanged executables as it was.
SOURCE_FOLDERS := Sources Tests/Conformance Tests/Faults Tests/Fuzz pipeline/sql
SOURCES := $(shell find $(SOURCE_FOLDERS) -type f 2>/dev/null)
# One build for the programs and the tests, which look into modules. So Swift's own libraries are those of the compiler:
# the package links them in (make deb), and there are no static ones that tests could use.
BUILD_FLAGS := -c release -Xswiftc -enable-testing
BUILD := swift build $(BUILD_FLAGS)

$(BUILT): Package.swift $(SOURCES)
	@pipeline/setup.sh --check
	$(BUILD)
	@touch $@

.PHONY: setup
setup: ## Install what is missing: compiler libraries, through apt or brew
	@pipeline/setup.sh

.PHONY: build
build: $(BUILT) ## Build the executables

.PHONY: test
test: $(BUILT) ## Run the tests
	$(BUILD) --build-tests
	swift test -c release --skip-build

.PHONY: test-make
test-make: $(BUILT) ## Test the goals themselves: what they take, refuse, print and leave alone
	@pipeline/test-make.sh

.PHONY: test-python
test-python: ## Test the Python of benchmarks and of the cluster, as far as it needs no program and no package
	@python3 -B pipeline/test-python.py

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
golden: $(BUILT) ## Write the golden files again, and the page's table: what transform makes of the fixtures; read the diff
	@python3 Tests/Golden/make.py rewrite --bin $(BIN)

.PHONY: test-golden
test-golden: $(BUILT) ## Compare what transform makes of the fixtures with the golden files
	@python3 Tests/Golden/make.py compare --bin $(BIN)

.PHONY: clean
clean: ## Remove what was built and staged; raw/ and warehouse/ stay
	rm -rf .build .build-asan .build-deb .build-tsan
	@[ ! -d "$(DATA)/staged" ] || find "$(DATA)/staged" -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +

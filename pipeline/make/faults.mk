# Tests that take longer than `make test`: kills, faults of the world, hostile input. No network but loopback.
.PHONY: faults
faults: $(BUILT) ## Kill and disturb the real programs in many ways, and compare what is left with an undisturbed run; FULL=1 for hours
	@PARTS="$(PARTS)" FULL="$(FULL)" SEED="$(SEED)" KILLS="$(KILLS)" ARGS="$(ARGS)" pipeline/faults.sh $(BIN)

# Not among Swift's targets, and compiled into a temporary folder: the code that disturbs the programs shares nothing with them.
.PHONY: test-injected
test-injected: $(BUILT) ## Fail or kill the programs at the N-th read, write, sync or rename, RUNS (195) of them, decided by SEED
	@Tests/Injected/injected.py --bin $(BIN) $(if $(RUNS),--runs "$(RUNS)") $(if $(SEED),--seed "$(SEED)") $(ARGS)

.PHONY: test-days
test-days: $(BUILT) ## Two simulated days of make hourly: stopped programs, a full disk, a reader that stays, sent alerts
	@Tests/Days/two-days.py --bin $(BIN) $(ARGS)

.PHONY: fuzz
fuzz: $(BUILT) ## Mutated input through every reader for SECONDS (20), decided by SEED
	@$(BIN)/fuzz --seconds $(or $(SECONDS),20) --seed $(or $(SEED),1) $(ARGS)

.PHONY: sanitize
sanitize: $(BUILT) ## Fuzz under the address sanitizer, reprocess and load under the thread sanitizer
	pipeline/sanitize.sh $(BIN) $(SECONDS)

.PHONY: year
year: $(BUILT) ## A simulated year in FOLDER, and how long checks and retention take on it: DAYS (365)
	pipeline/year.sh $(BIN) $(or $(FOLDER),$(error name a folder that is not there: make year FOLDER=/tmp/year)) $(DAYS)

# What each goal takes on the command line. A variable that a goal does not take would silently change nothing, so it ends
# make before anything runs. Settings are of pipeline/config.env; the command line overrides them.
asking  := FOCUS_ASSETS OPTIONAL_ENDPOINTS PERPS_BASE_URL PACE HTTPS_PROXY HTTP_PROXY NO_PROXY
telling := ALERT_TIERS DISCORD_WEBHOOK_URL HTTPS_PROXY HTTP_PROXY NO_PROXY
filling := FOCUS_ASSETS PERPS_BASE_URL PACE HTTPS_PROXY HTTP_PROXY NO_PROXY
loading := SENTIMENT_MODEL TAKER_FEE_%
keeping := RAW_DAYS STAGED_DAYS WAREHOUSE_DAYS HISTORY_DAYS

takes.extract      := DATA HOUR EXCHANGES ARGS $(asking)
takes.backfill     := DATA FROM TO EXCHANGES ASSETS DATASETS CALLS PLAN ARGS $(filling)
takes.record       := DATA EXCHANGES ARGS PERPS_BASE_URL $(telling)
takes.plan         := DATA EXCHANGES ARGS $(asking)
takes.transform    := DATA HOUR FROM TO HISTORY EXCHANGES JOBS ARGS
takes.load         := DATA HOUR FROM TO HISTORY EXCHANGES ARGS FOCUS_ASSETS $(loading)
takes.alerts       := DATA HOUR DRY_RUN ARGS TAKER_FEE_% $(telling)
takes.forecasts    := DATA HOUR FROM TO ARGS
takes.report       := DATA HOUR ARGS TAKER_FEE_%
takes.hourly       := DATA HOUR EXCHANGES NOW BACKFILL_CALLS $(sort $(asking) $(loading) $(telling)) METRICS_FILE HEALTHCHECK_URL
takes.daily        := DATA DRY_RUN $(keeping) PERPS_BASE_URL HEALTHCHECK_URL_DAILY
takes.stats        := DATA HOUR FROM TO ARGS
takes.liquidations := DATA HOUR HOURS EXCHANGE VOLUME ARGS $(asking)
takes.replay       := DATA FROM TO ARGS ALERT_TIERS TAKER_FEE_%
takes.backtest     := DATA FROM TO STRATEGIES ASSET DRY_RUN ARGS BACKTEST_ASSET TAKER_FEE_%
takes.weights      := DATA DRY_RUN ARGS
takes.accept-weights   := DATA ID
takes.withdraw-weights := DATA ID
takes.gaps         := DATA HOUR FROM TO ARGS
takes.explain      := DATA WHAT ARGS
takes.page         := DATA HOUR OUTPUT ARGS TAKER_FEE_%
takes.check        := DATA HOUR FROM TO DRY_RUN ARGS
takes.doctor       := DATA ARGS EXCHANGES BACKFILL_CALLS METRICS_FILE HEALTHCHECK_URL $(sort $(asking) $(telling) $(loading) $(keeping))
takes.reprocess    := DATA HOUR FROM TO EXCHANGES JOBS FORCE ARGS FOCUS_ASSETS $(loading)
takes.prove        := DATA JOBS ARGS TAKER_FEE_%
takes.retain       := DATA DRY_RUN FORCE ARGS $(keeping) PERPS_BASE_URL
takes.backup       := DATA OUTPUT ARGS
takes.publish      := DATA FOLDER ARGS
takes.export       := DATA VIEW FROM TO HOUR FORMAT ARGS
takes.setup-lake   :=
takes.lake         := DATA FROM TO ARGS
takes.ask          := DATA SQL FORMAT ARGS
takes.shell        := DATA ARGS
takes.test-lake    := ARGS
takes.restore      := DATA BACKUP ARGS
takes.schedule     := DATA
takes.demo         := DATA END
takes.demo-clean   := DATA
takes.world        := FOLDER DAYS WORLD COINS EXCHANGES SEED
takes.help         :=
takes.setup        :=
takes.build        :=
takes.clean        := DATA
takes.test         :=
takes.test-make    :=
takes.test-python  :=
takes.test-readers := DATA WAREHOUSE STAGED READERS_ENVIRONMENT
takes.test-page    := DATA CHROMIUM ARGS
takes.setup-cluster :=
takes.cluster-test :=
takes.format       :=
takes.lint         :=
takes.conformance  := FIXTURES CASES
takes.golden       :=
takes.test-golden  :=
takes.faults       := FULL PARTS SEED KILLS ARGS
takes.test-injected := RUNS SEED ARGS
takes.test-days    := ARGS
takes.fuzz         := SECONDS SEED ARGS
takes.sanitize     := SECONDS
takes.year         := FOLDER DAYS
takes.bench        := DAYS ROUNDS PEER ONLY
takes.bench-record := PART ROUNDS ARGS
takes.bench-history := KEEP
takes.deb          :=
takes.test-deb     := SUITES
takes.notices      := CHECKOUTS
takes.picture      :=
always             := BIN SHELL NO_COLOR

about.DATA        := the folder of raw/, staged/, warehouse/ and .env: .demo
about.HOUR        := an hour of UTC: 2025-10-23T15
about.FROM        := the first hour of a span; with TO
about.TO          := the last hour of a span, included; with FROM
about.END         := the last hour of the demo: 2025-10-23T23
about.NOW         := what the clock shows, where a simulator is asked: 2025-10-23T15:02:00Z
about.HISTORY     := 1: what backfill asked for, and no hour unless it is named
about.ID          := the name of proposed weights: v2.w1a2b3c4d
about.HOURS       := how many hours, up to HOUR: 24
about.EXCHANGES   := some exchanges: okx,bybit
about.ASSET       := the asset in which alerts about the whole market are traded: BTC
about.STRATEGIES  := some strategies, by name or number: breakout,5
about.ASSETS      := some assets: BTC,ETH
about.DATASETS    := some datasets: funding,candles
about.CALLS       := the most calls
about.PLAN        := 1: only say which calls would be made
about.EXCHANGE    := one exchange: Gate.io
about.VOLUME      := dollars that the market trades in a day: 238B
about.ARGS        := more options of the program: --json
about.WHAT        := what is asked about: binance BTCUSDT funding 2025-10-23T15
about.DRY_RUN     := 1: only say what would be done
about.FORCE       := 1: remove raw that was never loaded as well; make current hours again as well
about.JOBS        := threads
about.VIEW        := a view or a table: tickers
about.SQL         := a question, in SQL as DuckDB speaks it: SELECT max(hour) FROM tickers
about.FORMAT      := csv, json (an object on each line) or parquet; of ask: table, csv or json
about.OUTPUT      := where the copy, or the folder of pages, goes, as seen from DATA
about.BACKUP      := the copy that is brought back, as seen from DATA
about.FIXTURES    := a folder of recorded responses
about.CASES       := a folder of cases from the field
about.FULL        := 1: some thousand faults, an hour or more
about.PARTS       := some kinds of faults: world,injected,kills,cuts,pages,streams
about.KILLS       := how many programs the part world kills; 0 for none
about.RUNS        := how many faults are injected
about.SECONDS     := how long input is mutated
about.SEED        := what decides all mutations, all faults, all kills or all prices
about.FOLDER      := a folder that is not there yet; of publish: where the copy goes, as seen from DATA
about.DAYS        := how many simulated days
about.WORLD       := what kind of market is simulated: usual, regimes, factor, nothing
about.COINS       := how many coins each simulated exchange lists
about.ROUNDS      := how often each candidate runs
about.PART        := what of the recorder is measured: alarm, cpu, week
about.KEEP        := 1: copy the latest run of each part to Tests/Benchmarks/history.jsonl, to be committed
about.PEER        := a commit to compare with
about.ONLY        := some parts: jobs python duckdb limit stages questions memory start hour page explain peer backfill lake
about.WAREHOUSE   := another database
about.STAGED      := another folder of staged files
about.READERS_ENVIRONMENT := a Python environment that has the packages
about.CHROMIUM    := the browser: /usr/bin/chromium
about.SUITES      := releases of Debian: bookworm trixie
about.CHECKOUTS   := a folder of the sources of packages
about.BIN         := the folder of the programs
about.SHELL       := the shell of recipes
about.NO_COLOR    := 1: no colors

GOALS     := $(sort $(patsubst takes.%,%,$(filter takes.%,$(.VARIABLES))))
VARIABLES := $(patsubst about.%,%,$(sort $(filter about.%,$(.VARIABLES))))
SETTINGS  := $(filter-out $(VARIABLES),$(sort $(foreach goal,$(GOALS),$(takes.$(goal)))))
takers     = $(if $(filter $1,$(always)),every goal,$(strip $(foreach goal,$(GOALS),$(if $(filter $1,$(takes.$(goal))),$(goal)))))

ASKED_GOALS := $(filter $(GOALS),$(or $(MAKECMDGOALS),$(.DEFAULT_GOAL)))
GIVEN       := $(foreach v,$(.VARIABLES),$(if $(filter command,$(origin $v)),$v))
$(foreach goal,$(ASKED_GOALS),$(foreach v,$(filter-out $(takes.$(goal)) $(always),$(GIVEN)),$(error \
    $(goal) takes no $v: it takes $(or $(strip $(takes.$(goal))),no variable))))

# Hours are read before anything runs: every goal alike refuses text that is not an hour, and half a span, without a build.
WRONG :=
TAKEN := $(foreach goal,$(ASKED_GOALS),$(takes.$(goal)))
ifneq ($(and $(filter FROM,$(TAKEN)),$(FROM)$(TO)),)
    $(if $(and $(FROM),$(TO)),,$(error FROM and TO go together: the first and the last hour of a span; HOUR is one hour))
    $(if $(and $(filter HOUR,$(TAKEN)),$(HOUR)),$(error give HOUR, or FROM and TO))
    WRONG := $(shell pipeline/hours.sh --check "$(FROM)" "$(TO)" 2>&1)
else ifneq ($(and $(filter HOUR,$(TAKEN)),$(HOUR)$(filter command,$(origin HOUR))),)
    WRONG := $(shell pipeline/hours.sh --check "$(HOUR)" "$(HOUR)" 2>&1)
else ifneq ($(filter command,$(origin END)),)
    WRONG := $(shell pipeline/hours.sh --check "$(END)" "$(END)" 2>&1)
endif
# Recipes put the folder between double quotes.
ifneq ($(filter DATA,$(TAKEN)),)
    $(foreach c," ` $$ \,$(if $(findstring $c,$(value DATA)),$(error DATA: a folder with $c in its name is not taken)))
endif
# A folder that does not exist is a typing error: only the demo makes its own.
ifeq ($(filter demo demo-clean test-readers test-page,$(ASKED_GOALS))$(if $(filter DATA,$(TAKEN)),,none),)
    WRONG := $(or $(WRONG),$(shell [ -d "$(DATA)" ] || echo "DATA: there is no folder '$(DATA)'$(if \
        $(filter .demo,$(DATA)),: make demo makes it)"))
endif
$(if $(WRONG),$(error $(WRONG)))

# What each goal takes on the command line. A variable that a goal does not take would change nothing without a word, so
# it ends make before anything runs. Settings are of pipeline/config.env; the command line overrides them.
asking  := FOCUS_ASSETS OPTIONAL_ENDPOINTS PERPS_BASE_URL PACE HTTPS_PROXY HTTP_PROXY NO_PROXY
telling := ALERT_TIERS DISCORD_WEBHOOK_URL HTTPS_PROXY HTTP_PROXY NO_PROXY
loading := SENTIMENT_MODEL TAKER_FEE_%
keeping := RAW_DAYS STAGED_DAYS WAREHOUSE_DAYS

takes.extract      := HOUR EXCHANGES ARGS $(asking)
takes.plan         := EXCHANGES ARGS $(asking)
takes.transform    := HOUR FROM TO
takes.load         := HOUR FROM TO EXCHANGES ARGS $(loading)
takes.alerts       := HOUR DRY_RUN ARGS TAKER_FEE_% $(telling)
takes.report       := HOUR ARGS TAKER_FEE_%
takes.hourly       := HOUR EXCHANGES $(sort $(asking) $(loading) $(telling)) METRICS_FILE HEALTHCHECK_URL
takes.daily        := DRY_RUN $(keeping) PERPS_BASE_URL HEALTHCHECK_URL_DAILY
takes.stats        := HOUR FROM TO ARGS
takes.liquidations := HOUR HOURS EXCHANGE VOLUME ARGS $(asking)
takes.replay       := FROM TO ARGS ALERT_TIERS TAKER_FEE_%
takes.gaps         := HOUR FROM TO ARGS
takes.check        := HOUR FROM TO DRY_RUN ARGS
takes.doctor       := ARGS EXCHANGES METRICS_FILE HEALTHCHECK_URL $(sort $(asking) $(telling) $(loading) $(keeping))
takes.reprocess    := HOUR FROM TO EXCHANGES JOBS FORCE ARGS $(loading)
takes.prove        := JOBS ARGS TAKER_FEE_%
takes.retain       := DRY_RUN FORCE ARGS $(keeping) PERPS_BASE_URL
takes.backup       := OUTPUT ARGS
takes.restore      := BACKUP ARGS
takes.schedule     :=
takes.demo         :=
takes.demo-clean   :=
takes.help         :=
takes.setup        :=
takes.build        :=
takes.clean        :=
takes.test         :=
takes.test-make    :=
takes.test-readers := WAREHOUSE STAGED READERS_ENVIRONMENT
takes.format       :=
takes.lint         :=
takes.conformance  := FIXTURES CASES
takes.faults       := FULL PARTS SEED KILLS ARGS
takes.test-injected := RUNS SEED ARGS
takes.fuzz         := SECONDS SEED ARGS
takes.sanitize     := SECONDS
takes.year         := FOLDER DAYS
takes.bench        := DAYS ROUNDS PEER ONLY
always             := BIN STATIC SHELL NO_COLOR

about.HOUR        := an hour of UTC: 2025-10-23T15
about.FROM        := the first hour of a span; with TO
about.TO          := the last hour of a span, included; with FROM
about.HOURS       := how many hours, up to HOUR: 24
about.EXCHANGES   := some exchanges: okx,bybit
about.EXCHANGE    := one exchange: Gate.io
about.VOLUME      := dollars that the market trades in a day: 238B
about.ARGS        := more options of the program: --json
about.DRY_RUN     := 1: only say what would be done
about.FORCE       := 1: remove raw that was never loaded as well; make current hours again as well
about.JOBS        := threads
about.OUTPUT      := where the copy goes
about.BACKUP      := the copy that is brought back
about.FIXTURES    := a folder of recorded responses
about.CASES       := a folder of cases from the field
about.FULL        := 1: some thousand faults, an hour or more
about.PARTS       := some kinds of faults: world,injected,kills,cuts,pages
about.KILLS       := how many programs the part world kills; 0 for none
about.RUNS        := how many faults are injected
about.SECONDS     := how long input is mutated
about.SEED        := what decides all mutations, all faults or all kills
about.FOLDER      := a folder that is not there yet
about.DAYS        := how many simulated days
about.ROUNDS      := how often each candidate runs
about.PEER        := a commit to compare with
about.ONLY        := peer: nothing but that commit
about.WAREHOUSE   := another database
about.STAGED      := another folder of staged files
about.READERS_ENVIRONMENT := a Python environment that has the packages
about.BIN         := the folder of the programs
about.STATIC      := how Swift links its own libraries
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

# Hours are read before anything runs: what is none, or half a span, is refused by every goal alike and costs no build.
WRONG :=
TAKEN := $(foreach goal,$(ASKED_GOALS),$(takes.$(goal)))
ifneq ($(and $(filter FROM,$(TAKEN)),$(FROM)$(TO)),)
    $(if $(and $(FROM),$(TO)),,$(error FROM and TO go together: the first and the last hour of a span; HOUR is one hour))
    $(if $(and $(filter HOUR,$(TAKEN)),$(HOUR)),$(error give HOUR, or FROM and TO))
    WRONG := $(shell pipeline/hours.sh --check "$(FROM)" "$(TO)" 2>&1)
else ifneq ($(and $(filter HOUR,$(TAKEN)),$(HOUR)$(filter command,$(origin HOUR))),)
    WRONG := $(shell pipeline/hours.sh --check "$(HOUR)" "$(HOUR)" 2>&1)
endif
$(if $(WRONG),$(error $(WRONG)))

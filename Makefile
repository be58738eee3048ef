# One command each; `make help` lists them. Written for any POSIX make.
.POSIX:
PYTHON_BIN = .venv/bin

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' Makefile

run: ## install, migrate, seed the demo, serve http://127.0.0.1:8000 (PORT=8001 for another port)
	@exec sh scripts/run.sh

test: ## install what the tests need and run all of them, on SQLite and on PostgreSQL
	@exec sh scripts/test.sh

lint: venv ## style, templates, the arrows between modules, missing migrations
	$(PYTHON_BIN)/ruff check .
	$(PYTHON_BIN)/ruff format --check .
	$(PYTHON_BIN)/djlint --lint --quiet templates
	$(PYTHON_BIN)/lint-imports
	$(PYTHON_BIN)/python manage.py check
	$(PYTHON_BIN)/python manage.py makemigrations --check --dry-run

messages: venv ## bring the catalogues of translations up to date, and say what is missing
	@$(PYTHON_BIN)/python scripts/messages.py

bench: venv ## measurements in under two minutes, each of two things in one run (FULL=1: all of them, as long as it takes)
	@$(PYTHON_BIN)/python scripts/bench.py $(FULL:1=--full)

faults: venv ## break real services at random moments, and count what is lost and doubled
	@$(PYTHON_BIN)/python -m scripts.faults
	@$(PYTHON_BIN)/python -m scripts.faults.embedded

load: venv ## check-ins, pages and day closes for ten minutes at half of what the machine can do
	@$(PYTHON_BIN)/python -m scripts.load

planted: venv ## put deliberate faults into a copy of the code, one at a time: each must be caught
	@$(PYTHON_BIN)/python -m scripts.planted

hostile: venv ## 10,000 hostile requests to a throw-away site on loopback: no error, no change
	@$(PYTHON_BIN)/python -m scripts.hostile

enumeration: venv ## ask the running product about known and unknown addresses, and compare answers and times
	@$(PYTHON_BIN)/python -m scripts.enumeration

audit: venv ## known vulnerabilities of every package, or "NOT CHECKED" where nobody can be asked
	@$(PYTHON_BIN)/python scripts/audit.py

venv: ## make the virtual environment and install requirements.txt where it changed
	@sh scripts/venv.sh

.PHONY: help run test lint messages bench faults load planted hostile enumeration audit venv

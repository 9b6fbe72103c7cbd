lock:  ## resolve the dependencies anew, with hashes and without addresses
	.venv/bin/uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -q pyproject.toml --extra setup --extra dev -o requirements-dev.lock
	.venv/bin/uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -q pyproject.toml --extra setup -c requirements-dev.lock -o requirements.lock
